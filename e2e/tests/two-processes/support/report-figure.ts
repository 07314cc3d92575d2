/** Shows a measured figure; `prove` picks up lines that begin so. */
export function reportFigure(
  text: string,
  { isMissed = false }: { readonly isMissed?: boolean } = {},
): void {
  console.log(`measured: ${JSON.stringify({ text, isMissed })}`);
}

/** Shows a measured figure; `prove` picks up lines that begin so. */
export function reportFigure(figure: string): void {
  console.log(`measured: ${figure}`);
}

/** What the parser of the configs leaves in its services for JavaScript that has no types. */
export const UNTYPED = 'untypedJavaScript';

/** Whether the rules that need types have nothing to ask in a file, rather than a set-up that lacks something. */
export function isUntypedJavaScript(services: unknown): boolean {
  return (services as { [UNTYPED]?: unknown } | undefined)?.[UNTYPED] === true;
}

import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What a test has measured, for whoever shows the results. */
    figure?: string;
  }
}

/** Shows a measured figure: prints it, and hands it to the reporter. */
export function reportFigure({ task }: TestContext, figure: string): void {
  task.meta.figure = figure;
  console.log(figure);
}

/** How a verdict is shown: a figure that misses its target does not stand behind a tick. */
export const MARKS = { holds: '✓', misses: '!', falls: '✗' } as const;

// Kept: fake timers of tests replace these later, and whoever waits for a connection or a row would wait for ever.
export const now: () => number = performance.now.bind(performance);
export const eventLoopUtilization: typeof performance.eventLoopUtilization =
  performance.eventLoopUtilization.bind(performance);
export const startTimer: typeof setTimeout = setTimeout;
export const stopTimer: typeof clearTimeout = clearTimeout;

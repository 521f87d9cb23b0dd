/** Timers and a clock that no recording notes and no replay moves: those of libraries inside. */
export const { setTimeout, clearTimeout, Date } = globalThis

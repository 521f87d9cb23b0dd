/**
 * How long a helper waits for something that must happen: longer than it takes on a machine that is five times slower. Tests
 * wait by `expect.poll`, whose own patience stands in vitest.config.ts.
 */
export const PATIENCE_MS = 240_000

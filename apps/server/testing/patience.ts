/**
 * How long a helper waits for something that must happen: longer than it takes on a machine that is five times slower. Tests
 * wait by `expect.poll`, whose own patience stands in vitest.config.ts.
 */
export const PATIENCE_MS = 240_000

/**
 * Options of an HTTP server that others send requests to: it does not end a connection for want of requests. By itself Node does after 5 s, in
 * which a client on a slow machine may not have read the answer, or be about to send its next request.
 */
export const PATIENT_SERVER = { keepAliveTimeout: 600_000 }

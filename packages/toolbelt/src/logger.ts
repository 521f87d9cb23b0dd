/** What some published samples log with: its lines go where those of the function's console go. */
export function createLogger() {
  const writer =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...said: unknown[]) =>
      globalThis.console[level](...said)
  return {
    debug: writer('debug'),
    info: writer('info'),
    log: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }
}

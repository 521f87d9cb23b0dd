/** What some published samples log with. It is the console: its lines go where those of the console go. */
export function createLogger() {
  return {
    debug: (...said: unknown[]) => console.debug(...said),
    info: (...said: unknown[]) => console.info(...said),
    log: (...said: unknown[]) => console.info(...said),
    warn: (...said: unknown[]) => console.warn(...said),
    error: (...said: unknown[]) => console.error(...said),
  }
}

/** Never answers: each attempt ends by the limit of its time. */
export const SILENT = 'await new Promise(() => {})'

/** Answers at its fourth attempt, 7.5 seconds after the first: the default message has gone out by then. */
export function lateAnswer(result: string): string {
  return `const calls = (globalThis.calls ??= {})
   const { convId } = input.payload.general
   calls[convId] = (calls[convId] ?? 0) + 1
   if (calls[convId] < 4) return callback(new Error('not yet'))
   callback(null, ${result})`
}

import { RequestError } from '@parley/client'
import { openProgram } from './program.ts'
import { reasonOf } from './save-function.ts'

/** A person reads this: what is wrong, and what to do about it. */
function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { cause } = thrown
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') {
    return 'Nobody answers there: start Parley first (npm start), or name its address with --url'
  }
  if (thrown instanceof RequestError) {
    if (thrown.status === 401) return `${reasonOf(thrown)}: log in with parley login`
    return thrown.message
  }
  return thrown.message
}

try {
  await openProgram().parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}

import { Command } from 'commander'
import { allowCommand } from './allow.ts'
import { demoCommand } from './demo.ts'
import { runCommand } from './run.ts'
import { trustCommand } from './trust.ts'
import { withCommand } from './with.ts'

const program = new Command('parley')
  .description('Functions that run when something happens in a customer conversation')
  .addCommand(allowCommand())
  .addCommand(demoCommand())
  .addCommand(runCommand())
  .addCommand(trustCommand())
  .addCommand(withCommand())

/** A person reads this: what is wrong, and what to do about it. */
function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { cause } = thrown
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') {
    return 'Nobody answers there: start Parley first (npm start), or name its address with --url'
  }
  return thrown.message
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}

import packageFile from '#package' with { type: 'json' }
import { type Context, openContext, START_STEPS, welcome } from '#server/context'
import type { FirstSteps } from '#server/first-steps'
import type { Config } from './config.ts'

interface Run {
  firstSteps: FirstSteps
  stopping: AbortSignal
  sinceStartMs(): number
}

/** Opens the server and prints where it can be reached; at a terminal also what is done and how far the start is. */
export async function runServer(
  config: Config,
  { firstSteps, stopping, sinceStartMs }: Run,
): Promise<Context> {
  const { stdout } = process
  if (!stdout.isTTY) {
    const context = await openContext(config, { firstSteps, stopping })
    stdout.write(welcome(context, sinceStartMs()))
    return context
  }
  stdout.write(
    `Parley ${packageFile.version} is starting; the first start also sets up the database\n`,
  )
  let done = 0
  const context = await openContext(config, {
    firstSteps,
    stopping,
    onStep(step) {
      done += 1
      const seconds = (sinceStartMs() / 1000).toFixed(1)
      stdout.write(`  ${done} of ${START_STEPS.length}  ${step.padEnd(18)} ${seconds} s\n`)
    },
  })
  stdout.write(`\n${welcome(context, sinceStartMs())}`)
  return context
}

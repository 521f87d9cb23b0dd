import { type Context, openContext, welcome } from '#server/context'
import type { Config } from './config.ts'

/** Opens the server and prints where it can be reached. */
export async function runServer(config: Config, sinceStartMs: () => number): Promise<Context> {
  const context = await openContext(config)
  process.stdout.write(welcome(context, sinceStartMs()))
  return context
}

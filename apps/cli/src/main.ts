import { explain } from './explain.ts'
import { openProgram } from './program.ts'

try {
  await openProgram().parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}

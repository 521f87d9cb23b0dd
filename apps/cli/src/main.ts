import { explain } from './explain.ts'
import { openProgram } from './program.ts'
import { endWithReader } from './reader.ts'

endWithReader()
try {
  await openProgram().parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}

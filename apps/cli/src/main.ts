import { explain } from './explain.ts'
import { openProgram } from './program.ts'
import { endWithReader } from './reader.ts'
import { writeNote } from './visible.ts'

endWithReader()
try {
  await openProgram().parseAsync()
} catch (error) {
  writeNote(`${explain(error)}\n`)
  process.exitCode = 1
}

import { rmSync } from 'node:fs'
import { setPriority } from 'node:os'
import { checkTypes } from './check-types.ts'
import { type CheckOptions, checkSource, type SourceCheck } from './check-source.ts'

/** What the server sends; one at a time. */
export interface CheckRequest {
  code: string
  options: CheckOptions
  /** Declares what the function gets, in TypeScript. */
  inputTypes: string
}

/** What it gets: `ready` once, then one answer for each request. */
export type CheckReply = { ready: true } | { checked: SourceCheck } | { failed: string }

// The program of a process of its own: what compiles for ever can be ended there, and holds nobody else up. It loads no other
// module: the first source waits for it.
const [, , ownFolder = ''] = process.argv
if (!ownFolder) throw new Error('Give a folder for temporary files: it is removed at the end')
setPriority(5)
process.on('message', (request: CheckRequest) => void answer(request))
// The server is gone: this process and the compiler that it has started end at once.
process.on('disconnect', () => {
  try {
    rmSync(ownFolder, { recursive: true, force: true, maxRetries: 3 })
  } finally {
    process.kill(-process.pid, 'SIGKILL')
  }
})
reply({ ready: true })

async function answer({ code, options, inputTypes }: CheckRequest): Promise<void> {
  try {
    const checked = await checkSource(code, options)
    if (checked.ok && options.types) {
      const { compiled, entry } = checked
      checked.warnings.push(
        ...(await checkTypes(ownFolder, code, compiled.language, inputTypes, entry)),
      )
    }
    reply({ checked })
  } catch (error) {
    reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function reply(message: CheckReply): void {
  process.send?.(message)
}

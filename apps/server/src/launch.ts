import { flushCompileCache } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { findProgram, SERVER } from './find-built.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const main = await findProgram(ROOT, SERVER, () => {
  if (process.stdout.isTTY)
    process.stdout.write('Putting the server together, once after each change\n')
})
await import(main)

// V8 puts new objects among the old ones where most of those that a line of code had made before lived long, such as the buffers of two
// hundred sockets. From then on each one, although it is needed for one call, keeps the bytes that it shows until a full collection.
// Code that was kept under other flags is not used: so this comes when all is loaded, and what is to be kept is written before.
flushCompileCache()
setFlagsFromString('--no-allocation-site-pretenuring')

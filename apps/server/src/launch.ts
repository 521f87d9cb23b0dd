import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { findBuilt } from './find-built.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

async function find(): Promise<string> {
  try {
    const file = await findBuilt(ROOT, () => {
      if (process.stdout.isTTY)
        process.stdout.write('Putting the server together, once after each change\n')
    })
    process.setSourceMapsEnabled(true)
    return file
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    process.stderr.write(`Parley runs from its sources, which start slower: ${cause}\n`)
    return import.meta.resolve('./main.ts')
  }
}

await import(await find())

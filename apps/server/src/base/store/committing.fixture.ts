import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFigure } from './two-stores.fixture.ts'

/**
 * A Parley that only commits, in a process that a test may kill: opens the embedded database of a folder and
 * writes one conversation after the other, each acknowledged by a line on standard output.
 */
const [dir = '', prefix = 'c'] = process.argv.slice(2)
const store = await openStore(storeDeps, { kind: 'embedded', dir })
process.stdout.write('ready\n')
for (let number = 0; ; number++) {
  const id = `${prefix}${number}`
  await store.commit({
    accountId: 'acme',
    documents: [{ kind: 'conversation', id, readVersion: 0, state: {} }],
    figures: [aFigure],
  })
  process.stdout.write(`${id}\n`)
}

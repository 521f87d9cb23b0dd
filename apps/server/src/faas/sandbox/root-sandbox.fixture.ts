import { messageOf, openLogger } from '#base/kernel'
import { openTestSandbox } from './test-sandbox.fixture.ts'

/** Opens a sandbox in a process of its own, and prints its confinement, or why it cannot be opened; with `logged`, warnings too. */
const config = { asRoot: process.argv[2] === 'as-root', limits: { warmPool: 0 } }
await using logger = openLogger(process.argv[2] === 'logged' ? 'warn' : 'silent')
try {
  await using box = await openTestSandbox({ config, logger })
  process.stdout.write(`${box.sandbox.confinement}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
}

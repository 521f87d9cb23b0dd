import { readConfig } from '../../apps/server/src/config.ts'
import { openContext } from '../../apps/server/src/server/context/index.ts'
import { ONE_ADDRESS } from '../../apps/server/testing/one-address.ts'
import { newDataDir } from '../../e2e/live/parley.ts'
import { freePort } from '../../apps/server/testing/free-port.ts'
import { answerOrders } from '../answer-orders.ts'
import { freeMemory } from './free-memory.ts'
import { removeFolder } from '../../e2e/live/remove-folder.ts'

/** The whole server with a second account, which no request can make. */
const dataDir = newDataDir()
const [port, tlsPort] = [await freePort(), await freePort()]
const context = await openContext(
  readConfig({
    // A benchmark has one address; an attack meets the limits as they are shipped.
    ...(process.env['ADDRESS_LIMITS'] !== 'shipped' && ONE_ADDRESS),
    PARLEY_DATA: dataDir,
    PARLEY_PORT: String(port),
    PARLEY_TLS_PORT: String(tlsPort),
    PARLEY_LOG_LEVEL: 'error',
    PARLEY_ADMIN_USER: 'bench-admin',
    PARLEY_ADMIN_PASSWORD: 'Measure-Me-4711',
  }),
)
const { firstRun } = context.config
await context.accounts.createAccount({ ...firstRun, accountId: '87654321' })
const admin = { user: firstRun.adminUser, password: firstRun.adminPassword }

async function end(): Promise<void> {
  await context[Symbol.asyncDispose]()
  removeFolder(dataDir)
}

answerOrders((order: 'where' | 'free memory') => {
  if (order === 'free memory') return freeMemory()
  return {
    url: `http://127.0.0.1:${port}`,
    tlsPort,
    accounts: [firstRun.accountId, '87654321'].map((accountId) => ({ accountId, admin })),
  }
}, end)

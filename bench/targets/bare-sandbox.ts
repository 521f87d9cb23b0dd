import {
  openLogger,
  randomIds,
  systemClock,
  systemMonotonic,
} from '../../apps/server/src/base/kernel/index.ts'
import { openSandbox, prepareSandbox } from '../../apps/server/src/faas/sandbox/index.ts'
import { newDataDir } from '../../e2e/live/parley.ts'
import { answerOrders } from '../answer-orders.ts'
import { removeFolder } from '../../e2e/live/remove-folder.ts'

/**
 * The sandbox alone: each order is how long the first call of a function takes where nothing waits in the pool. The sandbox is a new
 * one each time, since it fills a pool that was found empty.
 */
const cacheDir = newDataDir()
const monotonic = systemMonotonic()
const nothing = () => Promise.resolve(undefined)
const deps = {
  logger: openLogger('error'),
  clock: systemClock(),
  monotonic,
  ids: randomIds(),
  ports: {
    allowed: () => false,
    internal: () => undefined,
    readSecret: nothing,
    updateSecret: nothing,
    platformCall: nothing,
    refused: () => undefined,
  },
}
const config = { cacheDir, limits: { warmPool: 0 } }
let made = 0

async function firstCall(code: string): Promise<number> {
  const name = `bench-${++made}`
  const prepared = await prepareSandbox(deps, config)
  using sandbox = openSandbox({ ...deps, prepared })
  const startedAt = monotonic.now()
  const outcome = await sandbox.invoke({
    version: {
      accountId: 'bench',
      functionId: name,
      deploymentId: name,
      code,
      delivers: 'callback',
      env: {},
    },
    invocationId: name,
    body: Buffer.from(JSON.stringify({ payload: name })),
  })
  const took = monotonic.now() - startedAt
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  if (
    !Buffer.from(outcome.result ?? [])
      .toString()
      .includes(name)
  )
    throw new Error('Not answered')
  return took
}

answerOrders(firstCall, () => {
  removeFolder(cacheDir)
  return Promise.resolve()
})

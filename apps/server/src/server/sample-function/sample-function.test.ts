import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openContext } from '#server/context'
import { openLogger } from '#base/kernel'
import { startTestServer } from '#testing'

/** Where test servers keep what is the same for all of them. */
const CACHE = join(import.meta.dirname, '../../../../../node_modules/.cache/parley')

test('a node starts while another one deploys the sample function, and a later one finishes it', async () => {
  await using server = await startTestServer({ hasSampleFunction: true })
  const { config, store } = server.context
  const overrides = { cacheDir: CACHE, logger: openLogger('fatal') }
  const isDone = async () => {
    const done = store.db.selectFrom('installation').where('name', '=', 'sample-function')
    return (await done.select('value').execute()).length > 0
  }
  // As a first start leaves it that is cut off.
  await store.db.deleteFrom('installation').where('name', '=', 'sample-function').execute()
  const deploying = await store.db.startTransaction().execute()
  await deploying.selectFrom('function').select('functionId').forUpdate().execute()

  await using _beside = await openContext(config, overrides)
  expect(await isDone()).toBe(false)
  await deploying.rollback().execute()
  await using _later = await openContext(config, overrides)
  expect(await isDone()).toBe(true)
})

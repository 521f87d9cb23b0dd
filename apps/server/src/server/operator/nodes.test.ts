import { listNodes } from '@parley/contract'
import { expect, test } from 'vitest'
import { startDoomedNode, startTestServer } from '#testing'
import { asOperator, WITH_OPERATOR } from './operator.fixture.ts'

test('the list of nodes says what each may use of the database, and a node that stops leaves it', async () => {
  await using server = await startTestServer({ env: WITH_OPERATOR })
  const ask = asOperator(server)
  const connections = async () => {
    const { nodes } = listNodes.reply.parse((await ask('GET', 'nodes')).json())
    return nodes.map((node) => node.connections).toSorted((one, two) => one - two)
  }
  await expect.poll(connections).toEqual([17])

  await using other = await startDoomedNode(server, { PARLEY_DATABASE_CONNECTIONS: '11' })
  await expect.poll(connections).toEqual([11, 17])
  await other.stop()

  expect(await connections()).toEqual([17])
})

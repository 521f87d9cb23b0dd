import type { Connector } from '@parley/contract'
import { anotherScene, call, type TestServer } from '#testing'
import { givenBot } from './connectors.fixture.ts'
import type { openVendor } from './end-point.fixture.ts'

/** A bot that the vendor's program answers for, in an account of its own. */
export async function stageEndpoint(
  server: TestServer,
  end: Awaited<ReturnType<typeof openVendor>>,
  more: object = {},
) {
  const scene = await anotherScene(server)
  const application = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'bot', scopes: ['thirdpartybots.customendpoint.bot'] },
  )
  const { clientId, clientSecret } = application
  const bot = await givenBot(scene, `callback(null, { messages: ['unheard'] })`, more)
  const vendor = { ...end.vendor, clientId, clientSecret }
  const path = `connectors/${bot.connectorId}`
  const changed = await call<Connector>(scene, 'PATCH', path, { vendor })
  return { ...bot, scene, vendor, changed, path }
}

import { call, type Scene } from '#testing'

export interface Renewed {
  clientSecret: string
}

const EVENTS = ['ms.MessagingEventNotification', 'cqm.ExConversationChangeNotification']

/** A connector as published ones are: an application that registers consumers, speaks for them and has a webhook. */
export async function givenConnector(
  scene: Scene,
  { url, events = EVENTS }: { url: string; events?: string[] },
  /** The node that it talks to; default, or while that has no address: the first one. */
  node: () => string | undefined = () => undefined,
) {
  const { clientId, clientSecret } = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'Bridge', scopes: ['msg.consumer'], webhook: { url, events } },
  )
  const base = `/api/account/${scene.accountId}`
  const asked = await scene.request('POST', `/sentinel${base}/app/token?v=1.0`, {
    body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
  })
  const { access_token: authorization } = asked.json<{ access_token: string }>()
  let lastId = 0

  async function post(path: string, token: string, body: unknown) {
    const headers = { authorization, 'x-lp-on-behalf': token }
    const reply = await fetch(`${node() ?? scene.url}${base}/messaging/consumer/${path}?v=3`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = await reply.text()
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${said}`)
    return JSON.parse(said) as unknown
  }

  return {
    clientId,
    clientSecret,
    /** Opens a conversation of a consumer that the connector knows by this id. */
    async open(externalId: string) {
      const registered = await scene.request('POST', `${base}/consumer?v=1.0`, {
        headers: { authorization },
        body: { ext_consumer_id: externalId },
      })
      const { token } = registered.json<{ token: string }>()
      const opened = await post('conversation', token, [
        { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName: 'Grace' } },
        { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation' },
      ])
      const [, answer] = opened as { body: { conversationId: string } }[]
      const conversationId = answer?.body.conversationId ?? ''
      const send = async (event: object) => {
        const body = { dialogId: conversationId, event }
        const frame = { kind: 'req', id: `s${(lastId += 1)}`, type: 'ms.PublishEvent', body }
        const reply = await post('conversation/send', token, frame)
        const { code } = reply as { code: number }
        if (code !== 200) throw new Error(`Not published: ${code}`)
      }
      return {
        conversationId,
        send,
        say: (message: string) =>
          send({ type: 'ContentEvent', contentType: 'text/plain', message }),
      }
    },
  }
}

export type Connector = Awaited<ReturnType<typeof givenConnector>>

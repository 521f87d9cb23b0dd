import { login } from '@parley/client'
import { Update } from '@parley/contract'
import { onTestFinished } from 'vitest'
import { call, openEventSource, type Scene, type TestServer } from '#testing'

const PASSWORD = 'a long pass phrase'

interface Wanted {
  query?: string
  bearer?: string
  node?: number
  last?: string
}

/** A stream of updates, of the second node unless another is wanted. */
export async function follow(
  server: TestServer,
  scene: Scene,
  { query = '', bearer, node = 1, last }: Wanted = {},
) {
  const path = `/api/v1/accounts/${scene.accountId}/updates${query}`
  const source = await openEventSource(`${server.urls[node]}${path}`, {
    authorization: `Bearer ${bearer ?? scene.adminBearer}`,
    ...(last !== undefined && { 'last-event-id': last }),
  })
  onTestFinished(() => source[Symbol.dispose]())
  const ready = await source.until(({ event }) => event === 'ready')
  return {
    source,
    ready,
    updates: () =>
      source.events
        .filter(({ event }) => event === 'changed')
        .map(({ json }) => Update.parse(json)),
    told: (wanted: Partial<Update>) =>
      source.until(
        ({ event, json }) =>
          event === 'changed' &&
          Object.entries(wanted).every(([name, value]) => json[name] === value),
      ),
  }
}

export async function givenUser(
  scene: Scene,
  more: object,
): Promise<{ userId: string; bearer: string }> {
  const loginName = `user-${crypto.randomUUID().slice(0, 8)}`
  const wanted = { loginName, password: PASSWORD, ...more }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', wanted)
  const { bearer } = await login(scene, { user: loginName, password: PASSWORD })
  return { userId, bearer }
}

import type { Credentials } from './credentials.ts'
import { lambdasOf } from './lambdas.ts'
import type { TestServer } from './start-test-server.ts'

/** One account of a running server, with the server's address and clock. */
export type Scene = Credentials & Pick<TestServer, 'url' | 'clock' | 'context' | 'request'>

/** A new account on a server that others use too. */
export async function anotherScene(server: TestServer): Promise<Scene> {
  const { url, context, request } = server
  return {
    ...(await server.anotherAccount()),
    url,
    // Servers on the system clock have none to move.
    get clock() {
      return server.clock
    },
    context,
    request,
  }
}

/** Calls the native API as the administrator; throws what it refuses. */
export async function call<T>(
  scene: Scene,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const reply = await lambdasOf(scene).native(method, `/${path}`, body)
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
  return (reply.text === '' ? undefined : reply.json()) as T
}

/** Deploys a function of an event with `answer` as its body. Resolves with its id. */
export function givenFunction(
  scene: Scene,
  eventId: string,
  answer: string,
  options: { skills?: string[] } = {},
): Promise<string> {
  const code = `async function lambda(input, callback) {\n${answer}\n}`
  return lambdasOf(scene).deployed(code, { eventId, ...options })
}

/** A skill of its own keeps a test's functions and messages apart from those of others. */
export async function givenSkill(scene: Scene): Promise<string> {
  const name = `skill ${crypto.randomUUID().slice(0, 8)}`
  return (await call<{ skillId: string }>(scene, 'POST', 'skills', { name })).skillId
}

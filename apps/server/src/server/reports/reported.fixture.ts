import {
  type Credentials,
  lambdasOf,
  openTestMailServer,
  readMail,
  startTestServer,
} from '#testing'

export const DAY_MS = 86_400_000
const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-1'
/** Fails when its payload says so. */
export const FICKLE =
  'const lambda = ({ payload }) => { if (payload.fail) throw new Error("no"); return 1 }'

/** A server with a mail server, and accounts whose reports can be read there. */
export async function openReporting({ nodes = 1, mailServer = true, publicUrl = true } = {}) {
  await using opened = new AsyncDisposableStack()
  const smtp = opened.use(await openTestMailServer())
  const env = {
    PARLEY_OPERATOR_KEY: OPERATOR_KEY,
    ...(mailServer && { PARLEY_SMTP_URL: smtp.url }),
    ...(publicUrl && { PARLEY_PUBLIC_URL: 'https://parley.example.com/' }),
  }
  const server = opened.use(await startTestServer({ nodes, wallClock: 'system', env }))
  const resources = opened.move()
  return {
    server,
    smtp,
    operator: (method: string, path: string, body?: object) =>
      server.request(method, `/api/v1/operator/${path}`, {
        bearer: OPERATOR_KEY,
        ...(body && { body }),
      }),
    async newAccount() {
      const account = await server.anotherAccount()
      return { ...lambdasOf(server, account), ...reportOf(account) }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }

  function reportOf(account: Credentials) {
    const { native } = lambdasOf(server, account)
    const mine = () =>
      smtp.mails.filter(({ envelope }) => envelope.to.every((to) => to.includes(account.accountId)))
    return {
      /** An address that is of this account alone. */
      address: (name: string) => `${name}-${account.accountId}@example.com`,
      set: (frequency: string, recipients: string[]) =>
        native('PUT', '/report-settings', { frequency, recipients }),
      /** What has reached its addresses. */
      received: mine,
      read: async (index = 0) => await readMail(mine().at(index)?.raw ?? ''),
    }
  }
}

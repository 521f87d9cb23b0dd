import type { ChatEntry, ChatSettings, TranscriptSettings } from '@parley/contract'
import type { Reply } from './send-request.ts'
import type { TestServer } from './start-test-server.ts'

/** Sends a request to a path below the account's native API. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Reply>

export interface LiveChatAccount {
  readonly accountId: string
  readonly admin: Ask
  /** John Doe and Jane Roe, who both have the skill CustomerCare; only Jane has Returns. */
  readonly john: Ask
  readonly jane: Ask
  readonly johnId: string
  readonly janeId: string
  /** The administrator with a new session, for when time has ended the first. */
  adminAgain(): Promise<Ask>
  readonly careSkillId: string
  readonly returnsSkillId: string
  setChat(settings: Partial<ChatSettings> | object): Promise<void>
  setTranscripts(settings: Partial<TranscriptSettings> | object): Promise<void>
  /** Saves and deploys a function for submitted surveys; answers its id. */
  deploy(name: string, code: string): Promise<string>
  start(wish?: object): Promise<TestChat>
  /** A chat in CustomerCare that John has accepted. */
  accepted(wish?: object): Promise<TestChat>
  /** An accepted chat that its consumer has ended. */
  ended(wish?: object): Promise<TestChat>
}

/** From where functions may send mails in tests that do not set it. */
const SENDERS = ['noreply@example.com', '@b.co']

export interface TestChat {
  readonly chatId: string
  readonly token: string
  /** Paths below the consumer's API of this chat. */
  readonly consumer: Ask
  entries(): Promise<ChatEntry[]>
}

const SURVEY = {
  questions: [
    {
      questionId: 'experience',
      kind: 'multiple',
      text: 'How was the chat experience?',
      options: ['Poor', 'Below Average', 'Good'],
    },
    { questionId: 'why', kind: 'text', text: 'Why?' },
  ],
}
const EVENT = 'denver_post_survey_email_transcript'

/** An account of its own with two skills, two agents and a survey. */
export async function liveChatAccount(server: TestServer): Promise<LiveChatAccount> {
  const { accountId, adminBearer, admin: credentials } = await server.anotherAccount()
  const base = `/api/v1/accounts/${accountId}`
  const askAs =
    (bearer: string | undefined, below = base): Ask =>
    (method, path, body) =>
      server.request(method, `${below}${path}`, { ...(bearer !== undefined && { bearer }), body })
  const admin = askAs(adminBearer)

  async function made<T>(reply: Promise<Reply>): Promise<T> {
    const { status, text, json } = await reply
    if (status >= 300) throw new Error(`Answered ${status}: ${text}`)
    return text === '' ? (undefined as T) : json<T>()
  }
  const logIn = async (loginName: string, password: string) => {
    const session = askAs(undefined)('POST', '/sessions', { loginName, password })
    return askAs((await made<{ bearer: string }>(session)).bearer)
  }
  const addSkill = async (name: string) =>
    (await made<{ skillId: string }>(admin('POST', '/skills', { name }))).skillId
  const addAgent = async (loginName: string, fullName: string, skillIds: string[]) => {
    const password = 'correct horse'
    const draft = { loginName, fullName, password, skillIds }
    const { userId } = await made<{ userId: string }>(admin('POST', '/users', draft))
    return { userId, ask: await logIn(loginName, password) }
  }
  const careSkillId = await addSkill('CustomerCare')
  const returnsSkillId = await addSkill('Returns')
  const john = await addAgent('john', 'John Doe', [careSkillId])
  const jane = await addAgent('jane', 'Jane Roe', [careSkillId, returnsSkillId])
  const setChat = (settings: object) =>
    made<void>(admin('PUT', '/chat-settings', { survey: SURVEY, ...settings }))
  await setChat({})
  const setTranscripts = (settings: object) =>
    made<void>(admin('PUT', '/transcript-settings', { senders: SENDERS, ...settings }))
  await setTranscripts({})

  async function start(wish: object = {}): Promise<TestChat> {
    const asked = askAs(undefined)('POST', '/consumer/chats', { skillId: careSkillId, ...wish })
    const { token, chat } = await made<{ token: string; chat: { chatId: string } }>(asked)
    const { chatId } = chat
    const consumer = askAs(token, `${base}/consumer/chats/${chatId}`)
    return {
      chatId,
      token,
      consumer,
      entries: async () => (await made<{ entries: ChatEntry[] }>(consumer('GET', ''))).entries,
    }
  }
  async function accepted(wish?: object): Promise<TestChat> {
    const chat = await start(wish)
    await made(john.ask('POST', `/chats/${chat.chatId}/accept`))
    return chat
  }

  return {
    accountId,
    admin,
    adminAgain: () => logIn(credentials.user, credentials.password),
    john: john.ask,
    jane: jane.ask,
    johnId: john.userId,
    janeId: jane.userId,
    careSkillId,
    returnsSkillId,
    setChat,
    setTranscripts,
    async deploy(name, code) {
      const published = askAs(adminBearer, `/api/account/${accountId}`)
      const implementation = { code, dependencies: [], environmentVariables: [] }
      const lambda = { name, description: name, eventId: EVENT, uuid: '', version: -1 }
      const saved = published('POST', '/lambdas?v=1&userId=1', {
        ...lambda,
        state: 'Draft',
        implementation,
      })
      const { uuid } = await made<{ uuid: string }>(saved)
      await made(published('POST', `/deployments/${uuid}?v=1`))
      return uuid
    },
    start,
    accepted,
    async ended(wish) {
      const chat = await accepted(wish)
      await made(chat.consumer('POST', '/end'))
      return chat
    },
  }
}

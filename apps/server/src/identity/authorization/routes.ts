import type { RouteSpec } from '@parley/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { setDeviceCookie } from '#identity/accounts'
import { type Http, route } from '#base/http'
import { isSameSecret } from '#base/kit'
import { ParleyError } from '#base/kernel'
import { requireActive, requireKnown } from '#base/store'
import { addressOf, type Asking, sendPage, sendProblem, textOf } from './asking.ts'
import type { AuthorizationDeps } from './deps.ts'
import { answerConsent, answerLogIn, findQuestion, type Question, refuse } from './interactions.ts'
import { consentPage, logInPage, onwardPage, type PageFacts } from './pages.ts'
import { type Words, wordsFor } from './words.ts'

const showQuestion = {
  method: 'GET',
  path: '/sentinel/api/account/:accountId/interaction/:uid',
  auth: 'public',
  knowsSuspended: true,
  summary: 'Log-in or consent, for the browser that an application has sent',
  params: z.object({
    accountId: z.string().regex(/^\w{1,32}$/),
    uid: z.string().regex(/^[\w-]{1,64}$/),
  }),
} as const satisfies RouteSpec

const MAX_LOGIN_NAME = 255

const Form = z.object({
  token: z.string().max(100),
  action: z.enum(['log-in', 'allow', 'refuse']),
  loginName: z.string().max(MAX_LOGIN_NAME).default(''),
  password: z.string().max(1024).default(''),
})

const answerQuestion = {
  ...showQuestion,
  method: 'POST',
  summary: 'What the person has answered',
  body: Form,
} as const satisfies RouteSpec

/** Log-in and consent as plain forms. They belong to the browser that the application has sent: a cookie says which. */
export function interactionRoutes(
  http: Pick<Http, 'app' | 'clientAddress'>,
  deps: AuthorizationDeps,
): void {
  async function questionFor(
    request: FastifyRequest,
    reply: FastifyReply,
    { accountId, uid }: { accountId: string; uid: string },
  ): Promise<{ asking: Asking; question: Question } | undefined> {
    const address = addressOf(request, deps.publicUrl)
    if (address === undefined) return undefined
    await deps.accounts.getAccount(accountId)
    const asking = { accountId, address }
    const { provider } = await deps.providers.get(asking)
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(expired)
    if (interaction?.uid !== uid) return undefined
    const question = await findQuestion(deps, asking, interaction)
    // Who decides has logged in before.
    if (question?.kind === 'consent') requireActive(deps.store, accountId)
    return question && { asking, question }
  }

  const formToken = ({ accountId }: Asking, { interaction }: Question) =>
    deps.credentials.digest(`form ${accountId} ${interaction.uid} ${interaction.prompt.name}`)

  function show(
    reply: FastifyReply,
    asking: Asking,
    question: Question,
    more: Pick<PageFacts, 'problem' | 'loginName'> = {},
  ): FastifyReply {
    const facts = {
      accountId: asking.accountId,
      words: wordsFor(reply.request),
      formToken: formToken(asking, question),
      ...more,
    }
    const { interaction, entry } = question
    const again = new URLSearchParams({ ...textsOf(interaction.params), prompt: 'login' })
    const otherUser = `${entry.issuer}/authorize?${again}`
    const page =
      question.kind === 'consent'
        ? consentPage(question, { ...facts, otherUser })
        : logInPage(question, facts)
    return sendPage(reply, { ...page, formAction: "'self'" })
  }

  route(http.app, showQuestion, async ({ params, request, reply }) => {
    const found = await questionFor(request, reply, params)
    requireKnown(deps.store, params.accountId)
    if (!found) return sendProblem(reply, 400, wordsFor(request).problems.expired)
    const hint = textOf(found.question.interaction.params['login_hint'])
    return show(reply, found.asking, found.question, { loginName: hint.slice(0, MAX_LOGIN_NAME) })
  })

  route(http.app, answerQuestion, async ({ params, body, request, reply }) => {
    const found = await questionFor(request, reply, params)
    const words = wordsFor(request)
    const { problems } = words
    if (!found || body.action !== 'log-in') requireKnown(deps.store, params.accountId)
    if (!found) return sendProblem(reply, 400, problems.expired)
    const { asking, question } = found
    const isOwn = isSameSecret(body.token, formToken(asking, question))
    if (!isOwn || !isFromHere(request, asking)) {
      return sendProblem(reply, 403, problems.otherSite)
    }
    const address = http.clientAddress(request.raw)
    // Not by a redirect: browsers hold all redirects that follow a form against its policy, also those of the application.
    const goOn = (location: string) =>
      sendPage(reply.header('refresh', `0; url=${location}`), onwardPage(location, words))

    if (body.action === 'refuse') return goOn(await refuse(question))
    if (question.kind === 'consent') {
      if (body.action !== 'allow' || question.lacking.length > 0) {
        return show(reply.code(403), asking, question)
      }
      return goOn(await answerConsent(deps, asking.accountId, question, { address }))
    }
    try {
      const proven = await deps.accounts.proveCaller(asking.accountId, () =>
        deps.accounts.proveUser(asking.accountId, {
          loginName: body.loginName,
          proof: { password: body.password },
          address,
          cookies: request.headers.cookie,
        }),
      )
      const location = await answerLogIn(deps, asking.accountId, question, {
        address,
        proven,
      })
      setDeviceCookie(request, reply, proven.deviceCookie)
      return goOn(location)
    } catch (error) {
      const again = problemOf(error, problems)
      if (!again) throw error
      if (again.retryAfterS !== undefined) reply.header('retry-after', again.retryAfterS)
      const { problem } = again
      return show(reply.code(again.status), asking, question, {
        problem,
        loginName: body.loginName,
      })
    }
  })
}

function problemOf(error: unknown, problems: Words['problems']) {
  if (!(error instanceof ParleyError)) return undefined
  if (error.code === 'unauthorized') {
    return { status: 401, problem: problems.wrongPassword }
  }
  if (error.code !== 'rate_limited') return undefined
  const retryAfterS = Math.ceil((error.retryAfterMs ?? 0) / 1000)
  return {
    status: 429,
    problem: problems.tooManyLogIns(retryAfterS),
    retryAfterS,
  }
}

/** What the library throws for a browser that has not, or no longer, a request of an application. */
function expired(error: unknown): undefined {
  if (error instanceof Error && error.name === 'SessionNotFound') return undefined
  throw error
}

/** Browsers say where a form stands; other clients cannot be made to send one. */
function isFromHere({ headers }: FastifyRequest, { address }: Asking): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return headers.origin === undefined || headers.origin === new URL(address).origin
}

function textsOf(params: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'prompt' ? [[name, value] as const] : [],
  )
  return Object.fromEntries(texts)
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { documentPolicy, escapeHtml, htmlDocument } from '#base/kit'
import { languageOf, wordsFor } from './words.ts'

const HOST = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i

/** Which account a browser or an application asks, and under which address it knows this server. */
export interface Asking {
  accountId: string
  /** Without a slash at its end. */
  address: string
}

/** The address by which the server was asked; the operator's own, where one is set. `undefined` for a Host that is none. */
export function addressOf(
  { protocol, headers: { host = '' } }: Pick<FastifyRequest, 'protocol' | 'headers'>,
  publicUrl: string | undefined,
): string | undefined {
  if (publicUrl !== undefined) return publicUrl.replace(/\/$/, '')
  return HOST.test(host) ? `${protocol}://${host.toLowerCase()}` : undefined
}

/** The address of an account's OAuth2 server: what its tokens name as their issuer. */
export function issuerOf({ accountId, address }: Asking): string {
  return `${address}/sentinel/api/account/${accountId}`
}

/** Sends a page in the language of its words that only this browser may show, alone in its window. `formAction` says where its forms may lead. */
export function sendPage(
  reply: FastifyReply,
  { title, body, formAction }: { title: string; body: string; formAction?: string },
): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': documentPolicy(formAction),
      'x-frame-options': 'DENY',
      // Not less: browsers would send forms without their origin.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    .send(htmlDocument(title, body, languageOf(reply.request)))
}

/** Why a person cannot go on, for browsers. */
export function sendProblem(reply: FastifyReply, status: number, message: string): FastifyReply {
  const { problemTitle: title, beginAgain } = wordsFor(reply.request)
  const body = `<h1>${title}</h1>
<p class="problem" role="alert">${escapeHtml(message)}</p>
<p>${beginAgain}</p>`
  return sendPage(reply.code(status), { title, body })
}

/** Whether a browser asks, for what it shows. */
export function isForPeople({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return (headers.accept ?? '').includes('text/html')
}

/** A parameter of a request; empty where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

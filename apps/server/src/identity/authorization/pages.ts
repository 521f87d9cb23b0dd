import { escapeHtml } from '#base/kit'
import type { Question } from './interactions.ts'
import type { Words } from './words.ts'

/** What a page of a question needs beside it. */
export interface PageFacts {
  accountId: string
  words: Words
  /** Proves that a form comes from the page. */
  formToken: string
  /** Why the person is asked again. */
  problem?: string | undefined
  loginName?: string | undefined
}

export interface Page {
  title: string
  body: string
}

/** Asks who is there. */
export function logInPage(question: Question, facts: PageFacts): Page {
  const { accountId, loginName = '', words } = facts
  return {
    title: words.logIn,
    body: `<h1>${words.logIn}</h1>
<p>${words.logInToDecide(nameOf(question))}</p>
${factsOf(question, facts)}
${problemOf(facts)}
<form method="post" autocomplete="on">
${tokenField(facts)}
<label>${words.loginName} <input name="loginName" value="${escapeHtml(loginName)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="255" required autofocus></label>
<label>${words.password} <input name="password" type="password" autocomplete="current-password" maxlength="1024" required></label>
<button name="action" value="log-in">${words.logIn}</button>
<button name="action" value="refuse" formnovalidate>${words.cancel}</button>
</form>
<p><small>${escapeHtml(words.passwordStaysHere(accountId))}</small></p>`,
  }
}

/** Asks whether the application may. */
export function consentPage(question: Question, facts: PageFacts & { otherUser: string }): Page {
  const { user, lacking } = question
  const { words } = facts
  const isRefused = lacking.length > 0
  const title = isRefused ? words.cannotAllow : words.allowThis
  const refusal = `<p class="problem" role="alert">${words.lacks(nameOf(question), escapeHtml(lacking.join(', ')))}</p>`
  return {
    title,
    body: `<h1>${title}</h1>
${isRefused ? refusal : `<p>${words.wantsToWork(nameOf(question))}</p>`}
${factsOf(question, facts)}
<form method="post">
${tokenField(facts)}
${isRefused ? '' : `<button name="action" value="allow">${words.allow}</button>`}
<button name="action" value="refuse">${isRefused ? words.back : words.cancel}</button>
</form>
<p><small>${escapeHtml(words.loggedInAs(user?.loginName ?? ''))} <a href="${escapeHtml(facts.otherUser)}">${words.somebodyElse}</a>.${isRefused ? '' : ` ${words.howLong}`}</small></p>`,
  }
}

/** What a browser shows for the moment until it goes on by itself. */
export function onwardPage(location: string, { oneMoment, goOn }: Words): Page {
  const body = `<h1>${oneMoment}</h1>\n<p><a href="${escapeHtml(location)}">${goOn}</a></p>`
  return { title: oneMoment, body }
}

function nameOf({ application }: Question): string {
  return `<strong>${escapeHtml(application.name)}</strong>`
}

function factsOf({ application, scopes }: Question, { accountId, words }: PageFacts): string {
  const asked = scopes.flatMap((scope) =>
    words.scopes[scope] === undefined
      ? []
      : `<li>${words.scopes[scope]} (<code>${escapeHtml(scope)}</code>)</li>`,
  )
  const wanted = asked.length > 0 ? asked.join('') : `<li>${words.noScope}</li>`
  return `<dl class="facts">
<dt>${words.application}</dt><dd>${escapeHtml(application.name)}</dd>
<dt>${words.account}</dt><dd>${escapeHtml(accountId)}</dd>
<dt>${words.leadsTo}</dt><dd>${escapeHtml(new URL(application.redirectUri).origin)}</dd>
<dt>${words.itMay}</dt><dd><ul>${wanted}</ul></dd>
</dl>`
}

function tokenField({ formToken }: PageFacts): string {
  return `<input type="hidden" name="token" value="${escapeHtml(formToken)}">`
}

function problemOf({ problem }: PageFacts): string {
  return problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`
}

import { escapeHtml } from '#base/kit'
import type { Question } from './interactions.ts'

/** What a page of a question needs beside it. */
export interface PageFacts {
  accountId: string
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
  const { accountId, loginName = '' } = facts
  const title = 'Log in'
  return {
    title,
    body: `<h1>${title}</h1>
<p><strong>${escapeHtml(question.application.name)}</strong> wants to work for you in this account. Log in to decide.</p>
${factsOf(question, facts)}
${problemOf(facts)}
<form method="post" autocomplete="on">
${tokenField(facts)}
<label>Login name <input name="loginName" value="${escapeHtml(loginName)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="255" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" maxlength="1024" required></label>
<button name="action" value="log-in">Log in</button>
<button name="action" value="refuse" formnovalidate>Cancel</button>
</form>
<p><small>This is Parley, account ${escapeHtml(accountId)}. The application does not see your password.</small></p>`,
  }
}

/** Asks whether the application may. */
export function consentPage(question: Question, facts: PageFacts & { otherUser: string }): Page {
  const { application, user, lacking } = question
  const title = lacking.length > 0 ? 'You cannot allow this' : 'Allow this?'
  const name = escapeHtml(application.name)
  const refusal = `<p class="problem" role="alert">You cannot let <strong>${name}</strong> do this, because you may not do it yourself: your user lacks
${escapeHtml(lacking.join(', '))}. An administrator of the account can change that, for example by the profile FaaS-Invocation.</p>`
  return {
    title,
    body: `<h1>${title}</h1>
${lacking.length > 0 ? refusal : `<p><strong>${name}</strong> wants to work for you in this account.</p>`}
${factsOf(question, facts)}
<form method="post">
${tokenField(facts)}
${lacking.length > 0 ? '' : '<button name="action" value="allow">Allow</button>'}
<button name="action" value="refuse">${lacking.length > 0 ? 'Back to the application' : 'Cancel'}</button>
</form>
<p><small>You are logged in as ${escapeHtml(user?.loginName ?? '')}. <a href="${escapeHtml(facts.otherUser)}">Log in as somebody else</a>.${
      lacking.length > 0
        ? ''
        : ' The application may do this for 90 days, and never more than you may do yourself.'
    }</small></p>`,
  }
}

const WORDS: Record<string, string> = {
  'faas.lambda.invoke': 'invoke functions of the account',
  'account.read': 'read users, skills and settings of the account',
  'conversation.read': 'read conversations that you may read',
}

function factsOf({ application, scopes }: Question, { accountId }: PageFacts): string {
  const asked = scopes.flatMap((scope) =>
    WORDS[scope] === undefined
      ? []
      : `<li>${WORDS[scope]} (<code>${escapeHtml(scope)}</code>)</li>`,
  )
  const wanted = asked.length > 0 ? asked.join('') : '<li>know which user you are</li>'
  return `<dl class="facts">
<dt>Application</dt><dd>${escapeHtml(application.name)}</dd>
<dt>Account</dt><dd>${escapeHtml(accountId)}</dd>
<dt>Leads to</dt><dd>${escapeHtml(new URL(application.redirectUri).origin)}</dd>
<dt>It may</dt><dd><ul>${wanted}</ul></dd>
</dl>`
}

function tokenField({ formToken }: PageFacts): string {
  return `<input type="hidden" name="token" value="${escapeHtml(formToken)}">`
}

function problemOf({ problem }: PageFacts): string {
  return problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`
}

import { type ErrorCode, pageLanguage, type SpokenLanguage } from '@parley/contract'
import type { FastifyRequest } from 'fastify'

/** What the pages for people say. A text that takes HTML says so. */
export interface Words {
  logIn: string
  /** HTML. */
  wantsToWork(application: string): string
  /** HTML. */
  logInToDecide(application: string): string
  loginName: string
  password: string
  cancel: string
  passwordStaysHere(accountId: string): string
  allowThis: string
  cannotAllow: string
  /** HTML. */
  lacks(application: string, permissions: string): string
  allow: string
  back: string
  loggedInAs(loginName: string): string
  somebodyElse: string
  howLong: string
  oneMoment: string
  goOn: string
  application: string
  account: string
  leadsTo: string
  itMay: string
  /** By the name of a scope. */
  scopes: Record<string, string>
  noScope: string
  problems: {
    expired: string
    otherSite: string
    wrongPassword: string
    tooManyLogIns(seconds: number): string
  }
  /** In place of the server's own words, which are English. */
  refusals: Partial<Record<ErrorCode, (accountId: string) => string>>
  problemTitle: string
  beginAgain: string
}

const en: Words = {
  logIn: 'Log in',
  wantsToWork: (application) => `${application} wants to work for you in this account.`,
  logInToDecide: (application) =>
    `${application} wants to work for you in this account. Log in to decide.`,
  loginName: 'Login name',
  password: 'Password',
  cancel: 'Cancel',
  passwordStaysHere: (accountId) =>
    `This is Parley, account ${accountId}. The application does not see your password.`,
  allowThis: 'Allow this?',
  cannotAllow: 'You cannot allow this',
  lacks: (application, permissions) =>
    `You cannot let ${application} do this, because you may not do it yourself: your user lacks ${permissions}. An administrator of the account can change that, for example by the profile FaaS-Invocation.`,
  allow: 'Allow',
  back: 'Back to the application',
  loggedInAs: (loginName) => `You are logged in as ${loginName}.`,
  somebodyElse: 'Log in as somebody else',
  howLong: 'The application may do this for 90 days, and never more than you may do yourself.',
  oneMoment: 'One moment…',
  goOn: 'Go on',
  application: 'Application',
  account: 'Account',
  leadsTo: 'Leads to',
  itMay: 'It may',
  scopes: {
    'faas.lambda.invoke': 'invoke functions of the account',
    'account.read': 'read users, skills and settings of the account',
    'conversation.read': 'read conversations that you may read',
  },
  noScope: 'know which user you are',
  problems: {
    expired:
      'This request of the application has expired, was answered before, or was begun in another browser.',
    otherSite: 'The form was sent from another site.',
    wrongPassword: 'The login name or the password is wrong.',
    tooManyLogIns: (seconds) => `There were too many failed log-ins. Try again in ${seconds} s.`,
  },
  refusals: {},
  problemTitle: 'This does not work',
  beginAgain:
    'Go back to the application and begin again. When it happens once more, tell whoever runs the application what stands here.',
}

const unknownInGerman = (accountId: string) => `Das Konto „${accountId}“ gibt es nicht.`

const de: Words = {
  logIn: 'Anmelden',
  wantsToWork: (application) => `${application} möchte in diesem Konto für Sie arbeiten.`,
  logInToDecide: (application) =>
    `${application} möchte in diesem Konto für Sie arbeiten. Melden Sie sich an, um darüber zu entscheiden.`,
  loginName: 'Anmeldename',
  password: 'Passwort',
  cancel: 'Abbrechen',
  passwordStaysHere: (accountId) =>
    `Dies ist Parley, Konto ${accountId}. Die Anwendung sieht Ihr Passwort nicht.`,
  allowThis: 'Erlauben Sie das?',
  cannotAllow: 'Das können Sie nicht erlauben',
  lacks: (application, permissions) =>
    `Sie können das ${application} nicht erlauben, weil Sie es selbst nicht dürfen. Was Ihnen fehlt: ${permissions}. Das kann jemand mit Verwaltungsrechten ändern, zum Beispiel durch das Profil FaaS-Invocation.`,
  allow: 'Erlauben',
  back: 'Zurück zur Anwendung',
  loggedInAs: (loginName) => `Sie sind als ${loginName} angemeldet.`,
  somebodyElse: 'Mit anderem Namen anmelden',
  howLong: 'Die Anwendung darf das 90 Tage lang, und nie mehr, als Sie selbst dürfen.',
  oneMoment: 'Einen Moment…',
  goOn: 'Weiter',
  application: 'Anwendung',
  account: 'Konto',
  leadsTo: 'Führt zu',
  itMay: 'Sie darf',
  scopes: {
    'faas.lambda.invoke': 'Funktionen des Kontos aufrufen',
    'account.read': 'Benutzer, Skills und Einstellungen des Kontos lesen',
    'conversation.read': 'Unterhaltungen lesen, die Sie lesen dürfen',
  },
  noScope: 'wissen, wer Sie sind',
  problems: {
    expired:
      'Diese Anfrage der Anwendung ist abgelaufen, wurde schon beantwortet oder in einem anderen Browser begonnen.',
    otherSite: 'Das Formular kam von einer anderen Website.',
    wrongPassword: 'Der Anmeldename oder das Passwort ist falsch.',
    tooManyLogIns: (seconds) =>
      `Es gab zu viele Anmeldungen, die nicht gelungen sind. Versuchen Sie es in ${seconds} s wieder.`,
  },
  refusals: {
    account_suspended: (accountId) =>
      `Das Konto „${accountId}“ ist gesperrt. Fragen Sie, wer diesen Server betreibt.`,
    not_found: unknownInGerman,
    rate_limited: () =>
      'Von dieser Adresse wurden zu viele Anmeldungen begonnen. Versuchen Sie es in einer Minute wieder.',
    unauthorized: unknownInGerman,
  },
  problemTitle: 'Das geht nicht',
  beginAgain:
    'Gehen Sie zurück zur Anwendung und beginnen Sie neu. Wenn es noch einmal geschieht, sagen Sie denen, die die Anwendung betreiben, was hier steht.',
}

const WORDS: Record<SpokenLanguage, Words> = { en, de }

/** In the language that the person's browser asks for. */
export function wordsFor(request: Pick<FastifyRequest, 'headers'>): Words {
  return WORDS[languageOf(request)]
}

export function languageOf({ headers }: Pick<FastifyRequest, 'headers'>): SpokenLanguage {
  return pageLanguage(undefined, headers['accept-language'])
}

import { escapeHtml } from '#base/kit'
import type { MailContent } from '#chat/mail'
import { FAILURES, failuresOf, type Figures, invocationsOf, type Row } from './figures.ts'
import { reportWords } from './words.ts'

const CELL = 'style="padding:4px 12px 4px 0;vertical-align:top;overflow-wrap:anywhere"'

type Words = (typeof reportWords)['en']

export interface Rendering extends MailContent {
  subject: string
}

/** The report as a mail, in the language of its account. */
export function renderReport(figures: Figures): Rendering {
  const { total } = figures
  const t = reportWords[figures.form.language]
  const title = t.title(oneLine(figures.account))
  const failed = total.SUCCEEDED === invocationsOf(total) ? t.none : shareOf(t, total)
  return {
    subject: t.subject(title, invocations(t, total), failed, inWords(t, figures)),
    text: textOf(t, title, figures),
    html: htmlOf(t, title, figures),
  }
}

function textOf(t: Words, title: string, figures: Figures): string {
  const { rows, link } = figures
  const lines = [
    title,
    periodOf(t, figures),
    '',
    ...summaryOf(t, figures).map(([label, value]) => `${label}: ${value}`),
    '',
    ...(rows.length > 0 ? [t.most] : [t.nothing]),
    ...rows.map((row) => `- ${nameOf(t, row)}: ${factsOf(t, row).join('; ')}`),
    ...(link === undefined ? [] : ['', `${t.metrics}: ${link}`]),
  ]
  return `${lines.join('\n')}\n`
}

function factsOf(t: Words, row: Row): string[] {
  return [
    invocations(t, row),
    ...failedOf(t, row),
    ...(row.p50Ms === undefined ? [] : [`p50 ${count(t, row.p50Ms)} ms`]),
    ...(row.p95Ms === undefined ? [] : [`p95 ${count(t, row.p95Ms)} ms`]),
  ]
}

/** By the published states. */
function failedOf(t: Words, row: Row): string[] {
  return FAILURES.filter((state) => row[state] > 0).map(
    (state) => `${state} ${count(t, row[state])}`,
  )
}

function htmlOf(t: Words, title: string, figures: Figures): string {
  const { rows, link } = figures
  const summary = summaryOf(t, figures).map(
    ([label, value]) =>
      `<tr><th scope="row" align="left" ${CELL}>${label}</th><td ${CELL}>${value}</td></tr>`,
  )
  const heads = t.heads.map((head) => `<th scope="col" align="left" ${CELL}>${head}</th>`)
  const href = escapeHtml(link ?? '')
  return [
    '<!doctype html>',
    `<html lang="${figures.form.language}">`,
    `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px;color:#1a1a1a;background:#ffffff">',
    `<h1 style="font-size:18px"><bdi>${escapeHtml(title)}</bdi></h1>`,
    `<p>${periodOf(t, figures)}</p>`,
    `<table role="presentation" cellspacing="0" cellpadding="0">${summary.join('')}</table>`,
    `<h2 style="font-size:16px">${t.most}</h2>`,
    ...(rows.length === 0
      ? [`<p>${t.nothing}</p>`]
      : [
          '<table cellspacing="0" cellpadding="0">',
          `<tr>${heads.join('')}</tr>`,
          ...rows.map((row) => htmlRow(t, row)),
          '</table>',
        ]),
    ...(link === undefined ? [] : [`<p><a href="${href}">${t.toMetrics}</a></p>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function htmlRow(t: Words, row: Row): string {
  const measured = [row.p50Ms, row.p95Ms].map((ms) => (ms === undefined ? '-' : count(t, ms)))
  const figures = [count(t, invocationsOf(row)), failedOf(t, row).join('<br>') || '0', ...measured]
  const cells = figures.map((value) => `<td ${CELL}>${value}</td>`)
  const name = `<th scope="row" align="left" ${CELL}><bdi>${escapeHtml(nameOf(t, row))}</bdi></th>`
  return `<tr>${name}${cells.join('')}</tr>`
}

function nameOf(t: Words, { name, others }: Row): string {
  return others === undefined ? name : t.others(others)
}

function summaryOf(t: Words, figures: Figures): [label: string, value: string][] {
  const { total, before, deployed, deployedLimit } = figures
  const beside = (value: (row: Row) => string) =>
    before ? t.before(value(total), value(before)) : value(total)
  return [
    [t.invocations, beside((row) => count(t, invocationsOf(row)))],
    [t.failed, beside((row) => shareOf(t, row))],
    [t.deployed, t.ofAtMost(count(t, deployed), count(t, deployedLimit))],
  ]
}

function invocations(t: Words, row: Row): string {
  const all = invocationsOf(row)
  return t.ran(count(t, all), all === 1)
}

function shareOf(t: Words, row: Row): string {
  if (invocationsOf(row) === 0) return t.none
  const share = (100 * failuresOf(row)) / invocationsOf(row)
  return `${share.toLocaleString(t.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`
}

/** Reports leave by UTC, so their periods are days of it. */
function periodOf(t: Words, { form, period }: Figures): string {
  const [from, to] = [period.from, period.to].map((at) =>
    form.clockTime(at).slice(0, -':00'.length),
  )
  return t.period(from ?? '', to ?? '')
}

function inWords(t: Words, { form, rhythm, period }: Figures): string {
  const [day = ''] = form.clockTime(period.from).split(' ')
  return rhythm === 'daily' ? t.onDay(day) : t.inWeek(day)
}

function count({ locale }: Words, value: number): string {
  return Math.round(value).toLocaleString(locale)
}

/** Also fit for the header of a mail. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
}

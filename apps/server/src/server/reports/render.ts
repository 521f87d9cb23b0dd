import { escapeHtml } from '#base/kit'
import type { MailContent } from '#chat/mail'
import { FAILURES, failuresOf, type Figures, invocationsOf, type Row } from './figures.ts'

const CELL = 'style="padding:4px 12px 4px 0;vertical-align:top;overflow-wrap:anywhere"'
const HEADS = ['Function', 'Invocations', 'Failed', 'p50 ms', 'p95 ms']

export interface Rendering extends MailContent {
  subject: string
}

/** The report as a mail, in English as all mails. */
export function renderReport(figures: Figures): Rendering {
  const { total } = figures
  const account = oneLine(figures.account)
  const title = `Functions of ${account}`
  const failed = total.SUCCEEDED === invocationsOf(total) ? 'none' : shareOf(total)
  return {
    subject: `${title}: ${invocations(total)}, ${failed} failed, ${inWords(figures)}`,
    text: textOf(title, figures),
    html: htmlOf(title, figures),
  }
}

function textOf(title: string, figures: Figures): string {
  const { rows, link } = figures
  const lines = [
    title,
    periodOf(figures),
    '',
    ...summaryOf(figures).map(([label, value]) => `${label}: ${value}`),
    '',
    ...(rows.length > 0 ? ['Functions with most invocations'] : ['Nothing ran.']),
    ...rows.map((row) => `- ${row.name}: ${factsOf(row).join('; ')}`),
    ...(link === undefined ? [] : ['', `Metrics: ${link}`]),
  ]
  return `${lines.join('\n')}\n`
}

function factsOf(row: Row): string[] {
  return [
    invocations(row),
    ...failedOf(row),
    ...(row.p50Ms === undefined ? [] : [`p50 ${count(row.p50Ms)} ms`]),
    ...(row.p95Ms === undefined ? [] : [`p95 ${count(row.p95Ms)} ms`]),
  ]
}

/** By the published states. */
function failedOf(row: Row): string[] {
  return FAILURES.filter((state) => row[state] > 0).map((state) => `${state} ${count(row[state])}`)
}

function htmlOf(title: string, figures: Figures): string {
  const { rows, link } = figures
  const summary = summaryOf(figures).map(
    ([label, value]) =>
      `<tr><th scope="row" align="left" ${CELL}>${label}</th><td ${CELL}>${value}</td></tr>`,
  )
  const heads = HEADS.map((head) => `<th scope="col" align="left" ${CELL}>${head}</th>`)
  const href = escapeHtml(link ?? '')
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px;color:#1a1a1a;background:#ffffff">',
    `<h1 style="font-size:18px"><bdi>${escapeHtml(title)}</bdi></h1>`,
    `<p>${periodOf(figures)}</p>`,
    `<table role="presentation" cellspacing="0" cellpadding="0">${summary.join('')}</table>`,
    '<h2 style="font-size:16px">Functions with most invocations</h2>',
    ...(rows.length === 0
      ? ['<p>Nothing ran.</p>']
      : [
          '<table cellspacing="0" cellpadding="0">',
          `<tr>${heads.join('')}</tr>`,
          ...rows.map(htmlRow),
          '</table>',
        ]),
    ...(link === undefined ? [] : [`<p><a href="${href}">Metrics in the console</a></p>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function htmlRow(row: Row): string {
  const measured = [row.p50Ms, row.p95Ms].map((ms) => (ms === undefined ? '-' : count(ms)))
  const figures = [count(invocationsOf(row)), failedOf(row).join('<br>') || '0', ...measured]
  const cells = figures.map((value) => `<td ${CELL}>${value}</td>`)
  const name = `<th scope="row" align="left" ${CELL}><bdi>${escapeHtml(row.name)}</bdi></th>`
  return `<tr>${name}${cells.join('')}</tr>`
}

function summaryOf(figures: Figures): [label: string, value: string][] {
  const { total, before, deployed, deployedLimit } = figures
  const beside = (value: (row: Row) => string) =>
    before ? `${value(total)} (the period before: ${value(before)})` : value(total)
  return [
    ['Invocations', beside((row) => count(invocationsOf(row)))],
    ['Failed', beside(shareOf)],
    ['Deployed functions', `${count(deployed)} of at most ${count(deployedLimit)}`],
  ]
}

function invocations(row: Row): string {
  const all = invocationsOf(row)
  return `${count(all)} ${all === 1 ? 'invocation' : 'invocations'}`
}

function shareOf(row: Row): string {
  if (invocationsOf(row) === 0) return 'none'
  return `${((100 * failuresOf(row)) / invocationsOf(row)).toFixed(1)} %`
}

function periodOf({ period }: Figures): string {
  return `${minute(period.from)} to ${minute(period.to)} UTC`
}

function inWords({ rhythm, period }: Figures): string {
  const day = new Date(period.from).toISOString().slice(0, 10)
  return rhythm === 'daily' ? `on ${day}` : `in the week from ${day}`
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** Also fit for the header of a mail. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
}

import { escapeHtml, htmlDocument } from '#base/kit'

/** What `/` shows: where everything is. */
export function homePage(accountId: string, version: string): string {
  const links = [
    [`/consumer/${accountId}`, 'Consumer page', 'write to the demo account as a consumer does'],
    ['/api/v1', 'API page', 'every operation, how to log in, examples to paste into a shell'],
    ['/api/v1/openapi.json', 'OpenAPI', 'the same for programs'],
    ['/health', 'Health', 'whether this node can serve'],
  ].map(
    ([path = '', name = '', purpose = '']) =>
      `<li><a href="${escapeHtml(path)}">${escapeHtml(name)}</a>: ${escapeHtml(purpose)}</li>`,
  )
  return htmlDocument(
    'Parley',
    `<h1>Parley ${escapeHtml(version)}</h1>
<p>Functions that run when something happens in a customer conversation. This server runs; here is what it serves:</p>
<ul>${links.join('')}</ul>
<p>At a terminal, in the folder of Parley: <code>npm run demo</code> plays a conversation, <code>npm run parley -- help</code>
lists the commands.</p>`,
  )
}

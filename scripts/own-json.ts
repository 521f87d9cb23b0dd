/**
 * Files of the server that parse JSON by themselves, and why no stranger has made it, or what bounds it otherwise. All other
 * text from outside is read by `readJson` or `parseJson` of `#base/input`, which check its depth and number of values first.
 */
export const OWN_JSON: Record<string, string> = {
  'base/input/read-json.ts': 'checks it first',
  'base/kernel/readable-lines.ts': 'lines of our own log',
  'base/postgres/engine.ts': 'files of the installed package',
  'base/store/decode-batch.ts': 'what a node of ours has written',
  'base/store/notifications.ts': 'what a node of ours has sent',
  'edge/api/openapi.ts': 'schemas that were written out here',
  'edge/console/kept.ts': 'what was built here',
  'faas/function-config/secrets.ts': 'what was sealed here',
  'faas/inspector/open.ts': 'what the debugger of the instance tells, on a development server',
  'faas/local-run/find-project.ts': 'files of the person who runs the command',
  'faas/local-run/run-project.ts': 'the result is printed for the person who runs the command',
  'faas/recordings/row-trace.ts': 'a line that was packed here',
  'faas/records/record-batch.ts': 'what was packed here',
  'faas/sandbox/bundle.ts': 'files of the installed packages',
  'faas/sandbox/read.ts': 'frames are bounded in bytes, and their schemas do not descend',
  'faas/source/compile-typescript.ts': 'what the compiler has made',
  'identity/accounts/directory-repository.ts': 'what the database makes of its columns',
  'identity/accounts/first-run-file.ts': 'a file of our own',
  'identity/settings/change.ts': 'a copy of what was parsed',
  'messaging/conversations/erased-notifications.ts': 'what a node of ours has sent',
  'messaging/reading/updates.ts': 'what a node of ours has sent',
  'wire/messaging/updates/presence.ts': 'what a node of ours has sent',
}

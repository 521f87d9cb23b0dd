import {
  type Found,
  TypeScriptWorker,
} from 'monaco-editor/languages/features/typescript/ts.worker.js'
import { type Added, fromChecked, toChecked, typeInput } from './typed-input.ts'
import { isWrongMember } from './wrong-member.ts'

/** What is asked of the worker about places of a file: how many places follow the name of the file. */
const PLACES: Record<string, number> = {
  findRenameLocations: 1,
  getCodeFixesAtPosition: 2,
  getCompletionEntryDetails: 1,
  getCompletionsAtPosition: 1,
  getDefinitionAtPosition: 1,
  getDocumentHighlights: 1,
  getFormattingEditsAfterKeystroke: 1,
  getFormattingEditsForDocument: 0,
  getFormattingEditsForRange: 2,
  getNavigationTree: 0,
  getQuickInfoAtPosition: 1,
  getReferencesAtPosition: 1,
  getRenameInfo: 1,
  getSemanticDiagnostics: 0,
  getSignatureHelpItems: 1,
  getSyntacticDiagnostics: 0,
}

/** The server checks the types of JavaScript that asks for it. */
const CHECKED_BY_SERVER = /^\s*\/\/ @ts-(no)?check\b/

/**
 * The editor's own TypeScript, which reads a function as if its author had given the first parameter the type of the event's
 * input; places are those of the author's text. Of the types of JavaScript it only finds members that the input and the toolbelt do
 * not have.
 */
export function openFunctionWorker(
  context: unknown,
  data: { compilerOptions: { allowJs?: boolean } },
): TypeScriptWorker {
  const worker = new TypeScriptWorker(context, data)
  const isJavaScript = data.compilerOptions.allowJs === true
  const written = worker._getScriptText.bind(worker)
  const known = new Map<string, { version: string; added: Added | undefined }>()

  function addedTo(fileName: string): Added | undefined {
    const version = worker.getScriptVersion(fileName)
    const before = known.get(fileName)
    if (before?.version === version) return before.added
    // Libraries are no functions.
    const text = worker._getModel(fileName) ? written(fileName) : undefined
    const added = text === undefined ? undefined : typeInput(text, isJavaScript)
    known.set(fileName, { version, added })
    return added
  }

  worker._getScriptText = (fileName) => {
    const text = written(fileName)
    const added = text === undefined ? undefined : addedTo(fileName)
    return text !== undefined && added
      ? text.slice(0, added.at) + added.text + text.slice(added.at)
      : text
  }

  const findAll = worker.getSemanticDiagnostics.bind(worker)
  worker.getSemanticDiagnostics = async (fileName): Promise<Found[]> => {
    if (!isJavaScript || CHECKED_BY_SERVER.test(written(fileName) ?? '')) return []
    const found = await findAll(fileName)
    const program = worker.getLanguageService().getProgram()
    const ours = worker.getExtraLibs()
    // Without the places of declarations: the editor would open them as files, and check those, too.
    return found
      .filter((one) => program && isWrongMember(program, fileName, one, ours))
      .map((one) => ({ ...one, relatedInformation: [] }))
  }

  for (const [method, places] of Object.entries(PLACES)) {
    const plain = worker[method]
    if (typeof plain !== 'function') continue
    const ask = plain.bind(worker) as (...given: unknown[]) => Promise<unknown>
    worker[method] = async (fileName: string, ...given: unknown[]) => {
      const added = addedTo(fileName)
      if (!added) return await ask(fileName, ...given)
      const asked = given.map((one, at) =>
        at < places && typeof one === 'number' ? toChecked(added, one) : one,
      )
      return fromChecked(added, fileName, await ask(fileName, ...asked))
    }
  }
  return worker
}

/** What the server takes. */
export const FILE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
]

/** Files of one conversation that are on their way at once. */
export const MAX_FILES = 10
/** Files that were too many are named up to here. */
const MAX_NAMED = 5

/** Which rule keeps a file from being sent. Where `maxBytes` is not known, the server says what is too large. */
export function brokenRule(
  { type, size }: File,
  maxBytes = Infinity,
): 'fileType' | 'fileEmpty' | 'fileTooLarge' | undefined {
  if (!FILE_TYPES.includes(type)) return 'fileType'
  if (size === 0) return 'fileEmpty'
  return size > maxBytes ? 'fileTooLarge' : undefined
}

export function namesOf(files: readonly File[]): string {
  const names = files.slice(0, MAX_NAMED).map(({ name }) => name)
  return names.join(', ') + (files.length > MAX_NAMED ? ', …' : '')
}

/** Whether something is dragged that a drop would give as files, also a picture of a page. */
export function dragsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}

/** Whether files of the computer are dragged. Pictures of pages come with their addresses. */
export function dragsOwnFiles(event: DragEvent): boolean {
  return dragsFiles(event) && !event.dataTransfer?.types.includes('text/uri-list')
}

import type { Conversation } from './conversation-util.ts'
import type { Csds } from './csds.ts'
import { messageOf } from './errors.ts'
import { given } from './given.ts'
import type { HttpClient, HttpResponse } from './http-client.ts'

/** One black pixel. */
const BLACK_PIXEL = {
  contentType: 'image/png',
  body: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC',
    'base64',
  ),
}

export interface ReplacementFile {
  body: Buffer
  contentType: string
}

interface Credentials {
  username: string
  password: string
}

/** The published GDPR utility (`ToolbeltDocumentation/gdpr-util.md`). */
export function createGdprUtil({ csds, http }: { csds: Csds; http: HttpClient }) {
  async function logIn(base: string, credentials: Partial<Credentials> = {}): Promise<string> {
    try {
      const username = given('username', credentials.username)
      const password = given('password', credentials.password)
      const response = (await http({
        uri: `${base}/auth/v1.0`,
        headers: { 'X-Auth-User': username, 'X-Auth-Key': password },
        resolveWithFullResponse: true,
      })) as HttpResponse
      return String(response.headers['x-auth-token'] ?? '')
    } catch (error) {
      throw new Error(`Unable to authorize at Swift: ${messageOf(error)}`, { cause: error })
    }
  }

  return {
    /** Cannot be undone. Returns the replaced paths. */
    async replaceConversationFiles(
      conversation: Conversation,
      credentials: Credentials,
      shouldReplace: (path: string) => boolean = () => true,
      replacementFile: ReplacementFile = BLACK_PIXEL,
    ): Promise<string[]> {
      if (!conversation) throw new Error('Please provide conversation object.')
      const paths = filesOf(conversation).filter((path) => shouldReplace(path))
      if (paths.length === 0) return []
      const base = `https://${await csds.hostOf('swift')}`
      const token = await logIn(base, credentials)
      for (const path of paths) {
        try {
          // Whoever sends a file says where it is: what follows the host must not become a part of it.
          if (!path.startsWith('/')) throw new Error('It must be a path that begins with /')
          await http({
            method: 'PUT',
            uri: `${base}${path}`,
            headers: { 'content-type': replacementFile.contentType, 'x-auth-token': token },
            body: replacementFile.body,
          })
        } catch (error) {
          throw new Error(`Unable to replace image ${path}: ${messageOf(error)}`, { cause: error })
        }
      }
      return paths
    },
  }
}

function filesOf({ conversationHistoryRecords = [] }: Partial<Conversation>): string[] {
  return conversationHistoryRecords
    .flatMap(({ messageRecords = [] }) => messageRecords)
    .filter(({ type }) => type === 'HOSTED_FILE')
    .flatMap(({ messageData }) => messageData?.file?.relativePath ?? [])
}

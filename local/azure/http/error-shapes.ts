import type { AzureError, Reply } from './exchange.ts'
import { armError } from './exchange.ts'

type Said = Pick<AzureError, 'code' | 'message'>
type Shown = Pick<Reply, 'body' | 'text' | 'headers'>

const page = { 'Content-Type': 'text/html' }

/** The shapes in which services of Azure show an error. */
export const errorShapes = {
  arm: (said: Said): Shown => ({ body: armError(said) }),
  capitals: ({ code, message }: Said): Shown => ({ body: { Error: { Code: code, Message: message } } }),
  flat: ({ code, message }: Said): Shown => ({ body: { code, message } }),
  'flat-capitals': ({ code, message }: Said): Shown => ({ body: { Code: code, Message: message } }),
  errorCode: ({ code, message }: Said): Shown => ({ body: { errorCode: code, message } }),
  error_code: ({ code, message }: Said): Shown => ({ body: { error_code: code, message } }),
  odata: ({ code, message }: Said): Shown => ({
    body: { 'odata.error': { code, message: { lang: 'en-US', value: message } } },
  }),
  details: ({ code, message }: Said): Shown => ({
    body: { error: { code: '', message: '', details: [{ code, message }] } },
  }),
  oauth: ({ code, message }: Said): Shown => ({ body: { error: code, error_description: message } }),
  text: ({ code, message }: Said): Shown => ({
    text: `${code}: ${message}`,
    headers: { 'Content-Type': 'text/plain' },
  }),
  page: ({ code, message }: Said): Shown => ({
    text: `<html><body><h1>${code}</h1><p>${message}</p></body></html>`,
    headers: page,
  }),
  empty: (): Shown => ({}),
} as const

export type ErrorShape = keyof typeof errorShapes

/** The names of the shapes. */
export const errorShapeNames = Object.keys(errorShapes) as [ErrorShape, ...ErrorShape[]]

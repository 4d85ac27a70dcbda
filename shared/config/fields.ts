import { z } from 'zod'
import { isGuid } from '../domain/resource-id.ts'
import { durationForm, isTimeZone } from '../domain/time.ts'

/** An https address that is only an origin. */
export const httpsOrigin = z
  .string()
  .refine(
    (text) => isPlainHttps(text) && new URL(text).pathname === '/',
    'an https address without user, path and query, like https://management.azure.com',
  )

/** An https address with a placeholder in it. */
export function endpointTemplate(placeholder: string) {
  return z
    .string()
    .refine(
      (text) => text.includes(placeholder) && isPlainHttps(text.replace(placeholder, 'name')),
      `an https address with ${placeholder} in it, without user and query`,
    )
}

/** A whole number from 1 on. */
export function wholeNumber(max: number) {
  const expected = `a whole number from 1 to ${max}`
  return z
    .string()
    .regex(/^\d{1,6}$/, expected)
    .transform(Number)
    .refine((number) => number >= 1 && number <= max, expected)
}

const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== ''),
)

/** GUIDs in lower case. */
export const guidList = commaList.refine((items) => items.every(isGuid), 'tenant ids separated by commas')

/** Host names, with a port or without, in lower case; at least one. */
export const hostList = commaList.refine(
  (hosts) => hosts.length > 0 && hosts.every((host) => /^[a-z0-9.-]+(:\d{1,5})?$/.test(host)),
  'host names separated by commas, such as login.microsoftonline.com',
)

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]']

/** An origin that people's browsers reach: https, or http on this machine. */
export const httpsOrLoopbackOrigin = z
  .string()
  .refine(
    (text) => isOrigin(text) && (new URL(text).protocol === 'https:' || isLoopbackHttp(text)),
    'an https address without user, path and query, like https://approver.contoso.com; http on loopback only',
  )

/** An https address that may have a path. */
export const httpsAddress = z
  .string()
  .refine(
    (text) => isPlainHttps(text),
    'an https address without user and query, like https://api.fabric.microsoft.com',
  )

/** The scope of a token. */
export const scope = z.string().regex(/^\S+\/\.default$/, 'a scope that ends in /.default')

/** A duration of whole days or hours. */
export const duration = z.string().regex(durationForm, 'a duration like P14D (days) or PT12H (hours)')

/** A time zone by its usual name. */
export const timeZone = z.string().refine(isTimeZone, 'a time zone like Europe/Berlin')

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).pathname === '/' && !/[?#@]/.test(text)
}

function isLoopbackHttp(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'http:' && loopbackHosts.includes(hostname)
}

function isPlainHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && !/[?#@]/.test(text)
}

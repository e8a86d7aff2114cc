import { HttpRefusal } from './refusal.ts'

export const JSON_TYPE = 'application/json; charset=utf-8'
export const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8'

const MAX_RANGES = 32

interface MediaRange {
  readonly type: string
  readonly quality: number
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = weight === undefined ? 1 : Number(weight.slice(2))
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

function qualityOf(ranges: readonly MediaRange[], type: string): number {
  const fits = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']
  for (const fit of fits) {
    const range = ranges.find((candidate) => candidate.type === fit)
    if (range !== undefined) return range.quality
  }
  return 0
}

function rangesOf(accept: string): readonly MediaRange[] {
  return accept.split(',', MAX_RANGES).map(parseRange)
}

/**
 * The type to answer in (GraphQL over HTTP, "Content types"): what the caller prefers, application/json
 * when it does not say.
 */
export function chooseAnswerType(accept: string | undefined): string {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_TYPE
  const ranges = rangesOf(accept)
  const json = qualityOf(ranges, 'application/json')
  const graphql = qualityOf(ranges, 'application/graphql-response+json')
  if (json === 0 && graphql === 0) {
    throw new HttpRefusal(406, 'Answers are application/graphql-response+json or application/json.')
  }
  if (graphql !== json) return graphql > json ? GRAPHQL_TYPE : JSON_TYPE
  const named = (type: string) => ranges.findIndex((range) => range.type === type) >>> 0
  return named('application/graphql-response+json') < named('application/json') ? GRAPHQL_TYPE : JSON_TYPE
}

/** Whether a browser asks for a page to look at rather than for data. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept?.includes('text/html') !== true) return false
  const ranges = rangesOf(accept)
  return qualityOf(ranges, 'text/html') > qualityOf(ranges, 'application/json')
}

/** Whether a body is JSON in UTF-8, which is what a type without a charset says too (RFC 8259 §8.1). */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase())
  return type === 'application/json' && parameters.every(isUtf8)
}

function isUtf8(parameter: string): boolean {
  return parameter === '' || /^charset="?utf-?8"?$/.test(parameter)
}

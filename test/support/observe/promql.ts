/** Reads PromQL as far as our dashboard and alert rules use it: says what is wrong, and what it asks for. */

export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<range>\[(?:\d+[smhd]|\$__rate_interval)\])|(?<word>[a-zA-Z_:][\w:]*)|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>==|!=|>=|<=|=~|!~|[-+*/%^><=(){},]))/y;

const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count']);
const FUNCTIONS: Readonly<Record<string, number>> = {
  rate: 1,
  increase: 1,
  histogram_quantile: 2,
  absent: 1,
};
const BINARY = new Set(['==', '!=', '>', '<', '>=', '<=', '+', '-', '*', '/', 'and', 'or', 'unless']);

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < expression.trimEnd().length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(expression);
    if (!found) throw new SyntaxError(`unreadable at ${expression.slice(at, at + 20)}`);
    tokens.push(found[0].trim());
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** @returns every metric it selects, with the labels it selects or groups them by. @throws SyntaxError */
export function selectorsOf(expression: string): Selector[] {
  const tokens = tokensOf(expression);
  const selectors: { metric: string; labels: string[] }[] = [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new SyntaxError(`${wanted ?? 'more'} expected, not ${token ?? 'the end'} in ${expression}`);
    at += 1;
    return token;
  };
  const list = (): string[] => {
    const names: string[] = [];
    take('(');
    while (peek() !== ')') {
      names.push(take());
      if (peek() === ',') take();
    }
    take(')');
    return names;
  };

  function expr(): void {
    term();
    while (BINARY.has(peek() ?? '')) {
      take();
      term();
    }
  }

  function term(): void {
    const token = take();
    if (token === '(') {
      expr();
      take(')');
    } else if (AGGREGATIONS.has(token)) {
      const first = selectors.length;
      let by: string[] = [];
      if (peek() === 'by') {
        take();
        by = list();
      }
      take('(');
      expr();
      take(')');
      for (const one of selectors.slice(first)) one.labels.push(...by);
    } else if (token in FUNCTIONS && peek() === '(') {
      take('(');
      for (let n = FUNCTIONS[token] ?? 0; n > 0; n -= 1) {
        const before = at;
        expr();
        const ranged = tokens.slice(before, at).some((one) => one.startsWith('['));
        if ((token === 'rate' || token === 'increase') !== ranged && token !== 'histogram_quantile')
          throw new SyntaxError(`${token} and its range do not fit in ${expression}`);
        if (n > 1) take(',');
      }
      take(')');
    } else if (/^[a-zA-Z_:]/.test(token)) selector(token);
    else if (!/^\d/.test(token)) throw new SyntaxError(`unexpected ${token} in ${expression}`);
  }

  function selector(metric: string): void {
    const labels: string[] = [];
    if (peek() === '{') {
      take('{');
      while (peek() !== '}') {
        labels.push(take());
        if (!['=', '!=', '=~', '!~'].includes(take())) throw new SyntaxError(`a matcher in ${expression}`);
        if (!take().startsWith('"')) throw new SyntaxError(`a quoted value in ${expression}`);
        if (peek() === ',') take();
      }
      take('}');
    }
    if (peek()?.startsWith('[') === true) take();
    selectors.push({ metric, labels });
  }

  expr();
  if (at < tokens.length) throw new SyntaxError(`left over: ${tokens.slice(at).join(' ')} in ${expression}`);
  return selectors;
}

/**
 * Makes mutants of a source file: copies with one small change each, of the kind that people make by mistake. A spec
 * that says what the code does fails on each of them.
 */
import ts from 'typescript';

export interface Mutant {
  readonly file: string;
  /** 1 for the first. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly original: string;
  readonly replacement: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+=': '-=',
};

const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
};

/** Calls without which the value itself is left: `list.filter(f)` becomes `list`. */
const DROPPED_CALLS: ReadonlySet<string> = new Set(['filter', 'sort', 'trim', 'slice', 'replace']);

/** What no spec can see the loss of, or what other tests hold: types, imports, schemas, declarations of events. */
function isLeftOut(node: ts.Node, file: string): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isCallExpression(node) && isSchema(node)) return true;
  if (isLoopHeader(node)) return true;
  return file.startsWith('src/commands/') && isWiring(node);
}

/** Changed, it hardly ever ends: that is noticed, but only after the time limit. */
function isLoopHeader(node: ts.Node): boolean {
  if (ts.isSourceFile(node) || !ts.isForStatement(node.parent)) return false;
  const { condition, incrementor } = node.parent;
  return node === condition || node === incrementor;
}

/** `z.string().trim()`, `day.refine(...)`, `defineEvent(...)`: a call whose innermost name is a schema's. */
function isSchema(call: ts.CallExpression): boolean {
  let inner: ts.Expression = call;
  while (ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner)) inner = inner.expression;
  return ts.isIdentifier(inner) && SCHEMA_ROOTS.has(inner.text);
}
const SCHEMA_ROOTS: ReadonlySet<string> = new Set([
  'z',
  'defineEvent',
  'rupiah',
  'measure',
  'day',
  'freeText',
  'templateShape',
  'personalText',
]);

/** Around a decider: what loads and appends. Its tests run on real stores (`*.store.test.ts`, test/e2e). */
function isWiring(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node) || !('body' in node)) return false;
  const isAsync =
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  return isAsync || node.parameters.some((one) => /\b(handler|deps|clock)\b/.test(one.getText()));
}

/** @param file its path from the root of the project, which decides what is left out */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const mutants: Mutant[] = [];
  const add = (
    node: ts.Node,
    replacement: string,
    start = node.getStart(source),
    end = node.getEnd(),
  ): void => {
    const original = text.slice(start, end);
    if (original === replacement) return;
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ file, line, start, end, original, replacement });
  };

  function visit(node: ts.Node): void {
    if (isLeftOut(node, file)) return;
    mutateExpression(node);
    mutateStatement(node);
    ts.forEachChild(node, visit);
  }

  function mutateExpression(node: ts.Node): void {
    if (ts.isBinaryExpression(node)) {
      const to = OPERATORS[node.operatorToken.getText(source)];
      // `??` and `||` do not mix without brackets.
      if (to !== undefined) add(node, `(${node.left.getText(source)}) ${to} (${node.right.getText(source)})`);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add(node, node.operand.getText(source));
    } else if (ts.isConditionalExpression(node)) {
      add(node.condition, 'true');
      add(node.condition, 'false');
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      add(node, 'false');
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      add(node, 'true');
    } else if (ts.isNumericLiteral(node)) {
      add(node, String(Number(node.text.replaceAll('_', '')) + 1));
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      if (!isName(node)) add(node, node.text === '' ? "'mutated'" : "''");
    } else if (ts.isTemplateExpression(node)) {
      add(node, "''");
    } else if (ts.isArrayLiteralExpression(node)) {
      add(node, node.elements.length === 0 ? "['mutated']" : '[]');
    } else if (ts.isObjectLiteralExpression(node) && node.properties.length > 0) {
      add(node, '({})');
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      add(node.body, 'undefined');
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const to = METHODS[name.text];
      if (to !== undefined) add(name, to);
      if (DROPPED_CALLS.has(name.text)) add(node, expression.getText(source));
    }
  }

  function mutateStatement(node: ts.Node): void {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) {
      add(node.expression, 'true');
      add(node.expression, 'false');
    } else if (ts.isThrowStatement(node) || ts.isExpressionStatement(node)) {
      add(node, ';');
    } else if (ts.isReturnStatement(node) && node.expression && isEarly(node)) {
      add(node, ';');
    }
  }

  visit(source);
  return mutants;
}

/** A name of a member or of a module, not a value. */
const isName = (node: ts.StringLiteralLike): boolean =>
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node) ||
  ts.isElementAccessExpression(node.parent);

/** A return that something follows: without it the function goes on. */
function isEarly(node: ts.ReturnStatement): boolean {
  const { parent } = node;
  return (
    ts.isIfStatement(parent) ||
    ts.isCaseClause(parent) ||
    (ts.isBlock(parent) && !ts.isFunctionLike(parent.parent))
  );
}

export const mutated = (text: string, { start, end, replacement }: Mutant): string =>
  text.slice(0, start) + replacement + text.slice(end);

import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      ...['node_modules', '.data', 'coverage', 'dist', 'web/dist', 'site/dist', 'web/public', '.tmp'],
      'client/api.ts',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // `(done) => list.push(done)` says what it does; a block says the same in three lines.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Objects are closures here: no method of ours or of kysely's helpers reads `this`.
      '@typescript-eslint/unbound-method': 'off',
      // A signal aborts and a counter grows while we await; the compiler believes that they stay as they were.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A route without parameters has an empty shape.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // By code points, which is what is wanted where a string is spread.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
      'max-lines': ['error', 400],
    },
  },
  {
    files: ['web/**', 'site/**'],
    rules: {
      'max-lines': ['error', 300],
      // A handler of an event may wait; React looks at no answer of it.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    // What a script writes is as long as there are tables.
    files: ['src/ports/database.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // They read what others wrote (answers, generated documents, foreign protocols) and show what does not fit.
    files: ['scripts/**', 'test/**', 'bench/**'],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);

/** The codes of administering people. */
export const ADMINISTRATION_ERRORS = {
  LINE_NOT_FOUND: {
    status: 404,
    message: 'Jalur tidak ditemukan.',
    meaning: 'No line of ours has this id in the configuration.',
  },
  LINE_CANNOT: {
    status: 409,
    message: 'Jalur ini tidak dapat melakukan itu sekarang.',
    meaning:
      'Its provider knows no such thing, or has nothing to show now (a picture to scan only while the state is `scan`).',
  },
  EMAIL_TAKEN: {
    status: 409,
    message: 'Email sudah dipakai pengguna lain.',
    meaning: 'Another user has this e-mail address.',
  },
  LAST_SUPER_ADMIN: {
    status: 409,
    message: 'Harus selalu ada satu super admin aktif yang dapat mengelola pengguna dan izin.',
    meaning:
      'The last active super admin cannot be deactivated, given another role, or lose `manage_users` or `manage_privileges`.',
  },
  SUPER_ADMIN_PROTECTED: {
    status: 403,
    message: 'Hanya super admin yang dapat mengubah data super admin.',
    meaning: 'Nobody but a super admin changes anything about a super admin.',
  },
  ROLE_ABOVE_OWN: {
    status: 403,
    message: 'Anda tidak dapat memberikan atau mengubah peran di atas peran Anda.',
    meaning: 'The role, or that of the person, is above the role of the caller.',
  },
  PRIVILEGE_ABOVE_OWN: {
    status: 403,
    message: 'Anda tidak dapat memberikan izin yang tidak Anda miliki.',
    meaning:
      'The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.',
  },
  PRIVILEGE_NOT_GRANTABLE: {
    status: 400,
    message: 'Izin ini tidak dapat diberikan kepada peran tersebut.',
    meaning: 'A viewer can never be given the internal notes.',
  },
  DIVISION_REQUIRED: {
    status: 400,
    message: 'Peran ini harus memiliki satu divisi.',
    meaning: 'This role needs one division, not `all`.',
  },
  PASSWORD_OWN: {
    status: 403,
    message: 'Kata sandi sendiri diganti dengan memasukkan kata sandi yang lama.',
    meaning:
      'The own password is changed by `POST /api/auth/password`, with the present one: who has a session only could take the account.',
  },
  PASSWORD_EXPIRED: {
    status: 403,
    message: 'Kata sandi sementara sudah kedaluwarsa. Minta kata sandi baru kepada pengelola pengguna.',
    meaning:
      'The password is right, but somebody else chose it, and its time (TEMPORARY_PASSWORD_DAYS) is over. A new one is needed.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    message: 'Ganti kata sandi sementara Anda terlebih dahulu.',
    meaning:
      'Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.',
  },
  PASSWORD_UNCHANGED: {
    status: 400,
    message: 'Kata sandi baru harus berbeda dari kata sandi sekarang.',
    meaning: 'The new password is the present one.',
  },
  PASSWORD_TOO_EASY: {
    status: 400,
    message: 'Kata sandi ini terlalu mudah ditebak. Gunakan kata sandi lain.',
    meaning:
      'The password is on the list of common ones, repeats one or two characters, or is the own e-mail address.',
  },
} as const;

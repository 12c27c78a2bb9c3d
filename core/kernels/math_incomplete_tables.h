// Tables of the incomplete gamma and beta functions (tools/coefficients_incomplete.py).
#pragma once

namespace lazulite {

// (1 / gamma(1 + a) - 1) / (a (1 - a)) in a; error 2^-64.6.
inline constexpr double kRgammaOfOnePlus[] = {0x1.2788cfc6fb619p-1,  -0x1.423382fda2115p-4,  -0x1.ee3e777ab473ap-4,
                                              0x1.77cbd9377777ap-5,  0x1.e1cc8fd9d126ap-9,   -0x1.85af9db7ebfe2p-8,
                                              0x1.4da8abbca650ap-10, 0x1.c375f2004f92cp-14,  -0x1.c3490a3016bp-14,
                                              0x1.56cb6a06ebb35p-16, 0x1.6a250b955b2ecp-22,  -0x1.02f9570f2b551p-20,
                                              0x1.d3c519692b03ap-23, -0x1.86188299fddd1p-26, 0x1.cf06bc9a8bee8p-31};
// Stirling's factor by eighths of 1/a: the centre, the value there, and the rest over h; errors [-58.8, -60.1, -60.1,
// -61.1, -64.3, -63.6, -62.7, -61.6].
inline constexpr double kStirlingFactorRows[][8] = {
    {0, 0x1.7ff3cp-3, 0x1.3fffp-2, 0x1.bff46p-2, 0x1.1ffeap-1, 0x1.60025p-1, 0x1.a0021p-1, 0x1.dffefp-1},
    {0x1p0, 0x1.f81281ce59867p-1, 0x1.f2e14fbe319d4p-1, 0x1.edc7d5306ffcfp-1, 0x1.e8c718cbf4284p-1,
     0x1.e3e1adb8bdbddp-1, 0x1.df18ee3041d9cp-1, 0x1.da6d5e3cc618bp-1},
    {-0x1.55555555554d9p-4, -0x1.4ee2dad9276ebp-4, -0x1.497a05e432bfap-4, -0x1.435f9d9af0fe8p-4, -0x1.3cbfcbf9ee7d6p-4,
     -0x1.35c5cdad30334p-4, -0x1.2e95ede400ef6p-4, -0x1.274d186a0c268p-4},
    {0x1.c71c71c5e194bp-9, 0x1.4015eca14bf4fp-8, 0x1.725f667dc80dbp-8, 0x1.99264509d089dp-8, 0x1.b4c2503edf998p-8,
     0x1.c689e63359b39p-8, 0x1.d034c58dd1c36p-8, 0x1.d372f354b72c8p-8},
    {0x1.5f72697599d5cp-9, 0x1.28e77cccfe778p-9, 0x1.dbeb23bb9e8e7p-10, 0x1.604f72cbf1ebbp-10, 0x1.de2b8b74952e6p-11,
     0x1.1e7e8ce4e9ae4p-11, 0x1.080d9cbf99853p-12, 0x1.74758401fcd34p-16},
    {-0x1.e13eae1a10b0dp-13, -0x1.ab7ccdf98f30fp-11, -0x1.f187b58a26761p-11, -0x1.e0f5f44d1d79ep-11,
     -0x1.a4402ae44d739p-11, -0x1.59acf3287932fp-11, -0x1.11595a96e409bp-11, -0x1.a41770aa30392p-12},
    {-0x1.9b026dc544a22p-11, -0x1.9474fec66b8e2p-12, -0x1.ef0c9f445853ep-15, 0x1.200923a7f3023p-13,
     0x1.c8a7a1d1eba36p-13, 0x1.e12105f7ed0e5p-13, 0x1.b5e6811918855p-13, 0x1.72e054ade9b28p-13},
    {0x1.1ccccd9611645p-14, 0x1.00323811f82bep-11, 0x1.74beb6ad3f32ap-12, 0x1.6d7f141dd1611p-13, 0x1.af1ffe894ea5ap-15,
     -0x1.9878ea56b1071p-17, -0x1.4119474fae384p-15, -0x1.77aba21d23fabp-15},
    {0x1.40f70724626f6p-11, -0x1.e2f45cc988c5ap-16, -0x1.c754cc608b461p-13, -0x1.78706f2f4d5c2p-13,
     -0x1.aecaf5fd78a1cp-14, -0x1.8b38438201233p-15, -0x1.0bf472f690ecap-16, -0x1.d7d70f461f93cp-21},
    {-0x1.76bb730440b74p-13, -0x1.8a40f1d75ed05p-12, -0x1.234722283ee67p-15, 0x1.3c547237256e3p-14,
     0x1.217ebc6c98aeap-14, 0x1.6224c43b20cap-15, 0x1.6dced140790afp-16, 0x1.4cc11f8cc0141p-17},
    {-0x1.d9fac371549d3p-12, 0x1.6eb6bad8bbd18p-12, 0x1.9d8f2717b8d5fp-13, 0x1.9d734962cd89dp-16,
     -0x1.739582ee326fcp-16, -0x1.7148e175d7504p-16, -0x1.d9b1092d758edp-17, -0x1.08b406460a4d3p-17},
};
// c_k(eta) of the expansion in 1/a, lowest power of eta first.
inline constexpr double kTemme0[] = {
    -0x1.5555555555555p-2,  0x1.555555555555cp-4,   -0x1.e573ac901e595p-7,  0x1.2f684bda09487p-10,
    0x1.71de3a5581834p-12,  -0x1.76e06fe4c0b9cp-13, 0x1.48c5891b6c978p-15,  -0x1.255385f05deffp-19,
    -0x1.f1b20cf2bedcap-20, 0x1.bd6f0d77f864ep-21,  -0x1.7b6704e4ef3a1p-23, 0x1.ca1a25d57963cp-28,
    0x1.62436e8c77891p-27,  -0x1.292cc240c2e78p-28, 0x1.c737d553940d2p-31,  -0x1.6efb2c72997d1p-35};
inline constexpr double kTemme1[] = {-0x1.e573ac901e72fp-10, -0x1.c71c71c71c73ep-9, 0x1.5ac056b0224adp-9,
                                     -0x1.0394f6f0a2078p-10, 0x1.af8343f04f004p-13, -0x1.af832fa8c6ebdp-22,
                                     -0x1.2fa4a11b7f7ecp-16, 0x1.00a9bcb6ca795p-17, -0x1.b0c3b8dd0aa95p-20,
                                     0x1.4356347bfbd5fp-28,  0x1.28af67eb1c181p-23, -0x1.f04faa360f52cp-25,
                                     0x1.89bd632a80b4ep-27,  0x1.167322ffd97ecp-31, -0x1.9057024bd808cp-31};
inline constexpr double kTemme2[] = {0x1.0ee643b990ef9p-8,   -0x1.5f7268edb6444p-9,  0x1.948b0fcd6b4dap-11,
                                     0x1.0db2161a88164p-19,  -0x1.c253efba0b9e9p-14, 0x1.bbf42fb085a9bp-15,
                                     -0x1.ac2cf12ee731cp-17, 0x1.27e95449e0f7bp-25,  0x1.7050c4bab4ea8p-20,
                                     -0x1.52a4c08c44e27p-21, 0x1.33f7321cb2d0fp-23,  0x1.a68870a72e36ep-30,
                                     -0x1.0b18c0ca23325p-26, 0x1.4e9de5ed23164p-28};
inline constexpr double kTemme3[] = {0x1.547d93b35095ap-11, 0x1.e13ce46714342p-13,  -0x1.ebfb188f30098p-12,
                                     0x1.18b9b59c7ca9fp-12, -0x1.3d2a383959551p-14, -0x1.014913c52ac76p-22,
                                     0x1.73de7b3be80fbp-17, -0x1.7cdb5528ddd2ap-18, 0x1.7e2ab296e94ecp-20,
                                     0x1.cb023badbd499p-31, -0x1.7071bd5bd14ebp-23, 0x1.56cc1e1c5d949p-24,
                                     -0x1.0f78db7266767p-26};
inline constexpr double kTemme4[] = {-0x1.c3e0b02ec41f3p-11, 0x1.9b0ff6717da03p-11, -0x1.3999a716445dp-12,
                                     -0x1.88eac1c1e69b6p-20, 0x1.16900db4e9ef2p-14, -0x1.4ce7175b62845p-15,
                                     0x1.7dd9df60e5263p-17,  0x1.eec5b323eb632p-28, -0x1.cc37b4fcf7f6ep-20,
                                     0x1.d79c14b53609ep-21,  -0x1.9881bb5bebcf8p-23};
inline constexpr double kTemme5[] = {-0x1.6128ab82be7fap-12, -0x1.2475d87157ad2p-14, 0x1.22be2face321dp-12,
                                     -0x1.a206f10241863p-13, 0x1.1d3696d1daa02p-14,  0x1.89ef8db8bede3p-23,
                                     -0x1.ccef7a5039486p-17, 0x1.09954aa1a7cbfp-17,  -0x1.00476cb1d9335p-19};
inline constexpr double kTemme6[] = {0x1.168eeb22a1be1p-11,  -0x1.3676edfb3d391p-11, 0x1.1c0d9901bffcp-12,
                                     0x1.8496c5d204b27p-21,  -0x1.56d52cbb14072p-14, 0x1.db69b2dfe7bd6p-15,
                                     -0x1.2740113362a3fp-16, -0x1.e689fb70cc0cep-20, 0x1.7d72247082131p-19};
inline constexpr double kTemme7[] = {0x1.69181f63312b9p-12, 0x1.b1ae5a447e496p-15,  -0x1.5f1b1d716378ap-12,
                                     0x1.275d38a1f4c63p-12, -0x1.d0c8191842c3cp-14, -0x1.343c69bc41fe5p-19,
                                     0x1.0ba2c55524409p-15, -0x1.f686a7e75aa55p-17};
inline constexpr double kTemme8[] = {-0x1.561b9ce949745p-11, 0x1.b88c89387a226p-11, -0x1.cfee50a991afap-12,
                                     -0x1.477daf58010f4p-17, 0x1.93a92dad20d61p-13, -0x1.c28d34eb61461p-14};
inline constexpr double kTemme9[] = {-0x1.39096f1b0cfcfp-11, -0x1.34642e6acf665p-14, 0x1.692f8d6e6719fp-11,
                                     -0x1.49313cf28082cp-11, 0x1.c84ae2a7230c5p-13};
inline constexpr double kTemme10[] = {0x1.622e0c216b6cep-10, -0x1.ed7da88712963p-10, 0x1.b9175bf9f5aeep-11};
inline constexpr double kTemme11[] = {0x1.ab3d7f4c7be56p-11};

}  // namespace lazulite
